package dev.sage.runtime.job;

import dev.sage.api.CleanupReport;
import dev.sage.api.JobLeases;
import dev.sage.runtime.core.job.ShutdownPhase.Step;
import dev.sage.runtime.core.schedule.Decision;
import dev.sage.runtime.core.schedule.Schedule;
import dev.sage.runtime.core.schedule.ScheduleCommand;
import dev.sage.runtime.core.schedule.ScheduleEffect;
import dev.sage.runtime.core.schedule.Share;
import dev.sage.runtime.core.schedule.Thing;
import dev.sage.runtime.core.schedule.Trouble;
import dev.sage.runtime.dataplane.BlockingThreads;
import dev.sage.runtime.node.Outside;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * Carries out what the schedule decides. It is part of its owner's actor and called on that alone; what blocks runs on
 * threads, whose answers its owner hears and gives back to {@link #on}.
 */
final class Scheduling {

    /** Whose jobs are scheduled. */
    interface Owner {
        void admit(String job, JobLeases leases);

        void refuse(String job, String reason);

        void waits(String job, String reason);

        /** Has {@link #on} called with this command, from any thread. */
        void hear(ScheduleCommand command);

        /** Has {@link #recheck} called with these after the time for that. */
        void recheckLater(List<Thing> things);
    }

    private final Owner owner;
    private final Outside outside;
    private final BlockingThreads threads;
    /** Those that have ended, until nothing is held for them. */
    private final Map<String, Leaving> leaving = new LinkedHashMap<>();

    private Schedule schedule;
    private long decisionsTold;

    private record Leaving(Set<String> kept, Runnable free) {}

    Scheduling(Owner owner, Outside outside, BlockingThreads threads, Schedule schedule) {
        this.owner = owner;
        this.outside = outside;
        this.threads = threads;
        this.schedule = schedule;
    }

    Schedule schedule() {
        return schedule;
    }

    void on(ScheduleCommand command) {
        Schedule.Step next = schedule.on(command, System.nanoTime());
        schedule = next.schedule();
        tellWho(schedule.decisionsSince(decisionsTold));
        next.effects().forEach(this::carryOut);
        if (!leaving.isEmpty()) {
            letGo();
        }
    }

    /**
     * A job has ended. What was still being acquired for it is given back first.
     *
     * @param kept the holders that live on with what they have
     * @param free is run, perhaps at once, when nothing else is held for the job
     */
    void end(String job, Set<String> kept, Runnable free) {
        if (schedule.holdsFor(job, kept)) {
            leaving.put(job, new Leaving(kept, free));
        } else {
            free.run();
        }
        on(new ScheduleCommand.Ended(job, kept));
    }

    /** Whether something is held for jobs that have ended. */
    boolean isReleasing() {
        return !leaving.isEmpty();
    }

    private void letGo() {
        for (Map.Entry<String, Leaving> entry : List.copyOf(leaving.entrySet())) {
            if (!schedule.holdsFor(entry.getKey(), entry.getValue().kept())) {
                leaving.remove(entry.getKey());
                entry.getValue().free().run();
            }
        }
    }

    private void tellWho(List<Decision> decisions) {
        for (Decision decision : decisions) {
            decisionsTold = decision.number();
            if (decision.outcome() == Decision.Outcome.WAITS) {
                owner.waits(decision.job(), decision.reason());
            }
        }
    }

    private void carryOut(ScheduleEffect effect) {
        if (effect instanceof ScheduleEffect.Admit admit) {
            owner.admit(admit.job(), leases(admit.shares()));
        } else if (effect instanceof ScheduleEffect.Refuse refuse) {
            owner.refuse(refuse.job(), refuse.reason());
        } else if (effect instanceof ScheduleEffect.Acquire acquire) {
            answer(
                    () -> List.of(outside.acquire(acquire)),
                    broken -> new ScheduleCommand.AcquireImpossible(acquire.job(), broken.toString()));
        } else if (effect instanceof ScheduleEffect.Release release) {
            // What a kept service has is none of the job's any more, and the job may end before a release is heard of.
            Set<String> others = new HashSet<>(schedule.shares(release.job()).keySet());
            others.removeAll(release.shares().keySet());
            answer(
                    () -> commands(release.job(), outside.release(release.job(), others)),
                    broken -> new ScheduleCommand.NotReleased(release.job(), troubles(release.shares(), broken)));
        } else if (effect instanceof ScheduleEffect.RecheckLater recheck) {
            owner.recheckLater(recheck.things());
        }
    }

    /** Looks which of these are free by now; the others' turn comes again. */
    void recheck(List<Thing> things) {
        answer(
                () -> {
                    List<Thing> free = outside.free(things);
                    List<Thing> still = new ArrayList<>(things);
                    still.removeAll(free);
                    if (!still.isEmpty()) {
                        owner.recheckLater(still);
                    }
                    return List.of(new ScheduleCommand.Readmit(free));
                },
                broken -> {
                    owner.recheckLater(things);
                    return new ScheduleCommand.Readmit(List.of());
                });
    }

    /** Gives back what a job has, but for these holders. {@code told} is called on a thread that may block. */
    void release(String job, Set<String> kept, Consumer<List<CleanupReport.Line>> told) {
        Map<String, Share> had = new LinkedHashMap<>(schedule.shares(job));
        had.keySet().removeAll(kept);
        releaseBy(job, had, () -> outside.release(job, kept), told);
    }

    /** As {@link #release}, after all processes of the job have been ended. */
    void releaseAll(String job, Consumer<List<CleanupReport.Line>> told) {
        releaseBy(
                job,
                schedule.shares(job),
                () -> {
                    List<CleanupReport.Line> lines = new ArrayList<>(outside.endActors(job, Set.of()));
                    lines.addAll(outside.endProcesses(job, Set.of()));
                    Outside.Release release = outside.release(job, Set.of());
                    lines.addAll(release.lines());
                    return new Outside.Release(lines, release.holders(), release.troubles());
                },
                told);
    }

    void releaseHolder(String job, String holder, Consumer<List<CleanupReport.Line>> told) {
        Map<String, Share> had = new LinkedHashMap<>(schedule.shares(job));
        had.keySet().retainAll(Set.of(holder));
        releaseBy(job, had, () -> outside.releaseHolder(job, holder), told);
    }

    /** @param had what is not known to be free when the releasing broke */
    private void releaseBy(
            String job,
            Map<String, Share> had,
            Callable<Outside.Release> releasing,
            Consumer<List<CleanupReport.Line>> told) {
        answer(
                () -> {
                    Outside.Release release = releasing.call();
                    told.accept(release.lines());
                    return commands(job, release);
                },
                broken -> {
                    told.accept(List.of(new CleanupReport.Line(
                            "resources",
                            job,
                            Step.RELEASE_RESOURCES.key(),
                            CleanupReport.Outcome.FAILED,
                            broken.toString(),
                            Duration.ZERO)));
                    return new ScheduleCommand.NotReleased(job, troubles(had, broken));
                });
    }

    /** What the schedule is to hear of a release. */
    private static List<ScheduleCommand> commands(String job, Outside.Release release) {
        return List.of(
                new ScheduleCommand.NotReleased(job, release.troubles()),
                new ScheduleCommand.Released(job, release.holders()));
    }

    private static List<Trouble> troubles(Map<String, Share> shares, Throwable broken) {
        List<Trouble> troubles = new ArrayList<>();
        String reason = "could not be released: " + broken;
        shares.values().forEach(share -> {
            share.gpus().forEach(id -> troubles.add(new Trouble(Thing.gpu(id), reason)));
            share.ports().forEach(number -> troubles.add(new Trouble(Thing.port(number), reason)));
        });
        return troubles;
    }

    private void answer(Callable<List<ScheduleCommand>> blocking, BrokenAnswer whenBroken) {
        Consumer<ScheduleCommand> hear = owner::hear;
        try {
            threads.submit(() -> {
                try {
                    blocking.call().forEach(hear);
                } catch (Throwable broken) {
                    // Also an error: without an answer the job, and what it was given, would wait for ever.
                    hear.accept(whenBroken.of(broken));
                }
                return null;
            });
        } catch (RejectedExecutionException closed) {
            hear.accept(whenBroken.of(closed));
        }
    }

    @FunctionalInterface
    private interface BrokenAnswer {
        ScheduleCommand of(Throwable broken);
    }

    private static JobLeases leases(Map<String, Share> shares) {
        Map<String, JobLeases.Lease> holders = new LinkedHashMap<>();
        shares.forEach((holder, share) -> holders.put(holder, new JobLeases.Lease(share.gpus(), share.ports())));
        return new JobLeases(holders);
    }
}
