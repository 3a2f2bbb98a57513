package dev.sage.runtime.ray;

import dev.sage.api.CleanupReport;
import dev.sage.api.CleanupReport.Outcome;
import dev.sage.runtime.core.job.ShutdownPhase.Step;
import dev.sage.runtime.core.ledger.Resource;
import dev.sage.runtime.dataplane.BlockingCall;
import dev.sage.runtime.dataplane.BlockingThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Ends actors, and tells what came of each. */
final class ActorsEnd {
    private final RaySettings settings;
    private final BlockingThreads threads;
    private final RayWay way;
    private final Consumer<HeldActor> gone;

    /** @param gone is told of each that is there no more */
    ActorsEnd(RaySettings settings, BlockingThreads threads, RayWay way, Consumer<HeldActor> gone) {
        this.settings = settings;
        this.threads = threads;
        this.way = way;
        this.gone = gone;
    }

    /** Cleans up and kills these, all at once. Blocks, no longer than the phase of a job that this is. */
    List<CleanupReport.Line> of(List<HeldActor> actors) throws InterruptedException {
        if (actors.isEmpty()) {
            return List.of();
        }
        Duration within = settings.cleanUpWithin();
        long deadlineNs = System.nanoTime() + longest().toNanos();
        Map<HeldActor, CompletableFuture<RayActor.Ended>> ending = new LinkedHashMap<>();
        for (HeldActor one : actors) {
            one.released();
            one.actor()
                    .ifPresent(actor ->
                            ending.put(one, actor.cleanUpAndKill(within).toCompletableFuture()));
        }
        Map<String, String> notReaped = reap(actors, within, deadlineNs);
        List<CleanupReport.Line> lines = new ArrayList<>();
        for (HeldActor one : actors) {
            CompletableFuture<RayActor.Ended> end = ending.get(one);
            lines.add(end == null ? reaped(one, notReaped) : ended(one, await(end, within, deadlineNs)));
        }
        return lines;
    }

    /** What is left of the phase is for seeing, by a new gateway, that it is gone where its own died meanwhile. */
    private Duration longest() {
        Duration within = settings.cleanUpWithin().plus(RaySettings.GRACE);
        Duration ofPhase = settings.releaseWithin().minus(RaySettings.GRACE);
        return within.compareTo(ofPhase) > 0 ? within : ofPhase;
    }

    /** Those that are not known to have been made are killed by their names. */
    private Map<String, String> reap(List<HeldActor> actors, Duration within, long deadlineNs)
            throws InterruptedException {
        Set<String> names = actors.stream()
                .filter(one -> one.actor().isEmpty())
                .map(one -> ((Resource.RayActor) one.entry.resource()).name())
                .collect(Collectors.toSet());
        if (names.isEmpty()) {
            return Map.of();
        }
        BlockingCall<Map<String, String>> asking =
                threads.submit(() -> way.bridge().reap(names, within));
        try {
            return asking.result()
                    .toCompletableFuture()
                    .get(Math.max(0, deadlineNs - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            asking.interrupt();
            return all(names, "Ray did not say in time whether it is there");
        } catch (ExecutionException unreachable) {
            Throwable cause = unreachable.getCause();
            return all(names, String.valueOf(cause == null ? unreachable : cause.getMessage()));
        }
    }

    private static Map<String, String> all(Set<String> names, String why) {
        return names.stream().collect(Collectors.toMap(name -> name, name -> why));
    }

    private static RayActor.Ended await(CompletableFuture<RayActor.Ended> end, Duration within, long deadlineNs)
            throws InterruptedException {
        try {
            return end.get(Math.max(0, deadlineNs - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            return new RayActor.Ended(
                    RayActor.Cleaning.NOT_RUN, false, within, Duration.ZERO, "it was not ended within " + within);
        } catch (ExecutionException broken) {
            return new RayActor.Ended(
                    RayActor.Cleaning.NOT_RUN, false, Duration.ZERO, Duration.ZERO, String.valueOf(broken.getCause()));
        }
    }

    private CleanupReport.Line reaped(HeldActor one, Map<String, String> notReaped) {
        String why = notReaped.get(((Resource.RayActor) one.entry.resource()).name());
        if (why == null) {
            gone.accept(one);
            return line(one, Outcome.RELEASED, "it was not made", Duration.ZERO);
        }
        return line(one, Outcome.FAILED, why + "; the ledger has it still", Duration.ZERO);
    }

    private CleanupReport.Line ended(HeldActor one, RayActor.Ended end) {
        Duration took = end.cleanupTook().plus(end.killTook());
        if (!end.killed()) {
            return line(one, Outcome.FAILED, end.reason() + "; the ledger has it still", took);
        }
        gone.accept(one);
        String killed = "killed in " + end.killTook().toMillis() + " ms";
        return switch (end.cleaning()) {
            case DONE ->
                line(one, Outcome.RELEASED, "cleanup ok in " + end.cleanupTook().toMillis() + " ms, " + killed, took);
            case FAILED -> line(one, Outcome.FAILED, end.reason() + "; " + killed, took);
            case NOT_RUN ->
                line(
                        one,
                        Outcome.RELEASED,
                        one.died() ? "cleanup not run, as it had died" : end.reason() + "; " + killed,
                        took);
        };
    }

    private static CleanupReport.Line line(HeldActor one, Outcome outcome, String reason, Duration took) {
        return new CleanupReport.Line("ray-actor", one.label, Step.RELEASE_RAY_ACTORS.key(), outcome, reason, took);
    }
}
