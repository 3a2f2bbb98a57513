package dev.sage.runtime.local;

import dev.sage.api.Resources;
import dev.sage.api.SageException;
import dev.sage.runtime.core.ledger.Resource;
import dev.sage.runtime.core.schedule.Pool;
import dev.sage.runtime.core.schedule.Schedule;
import dev.sage.runtime.core.schedule.ScheduleCommand;
import dev.sage.runtime.core.schedule.Thing;
import dev.sage.runtime.job.JobManager;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the schedule of a node says at the moment. */
final class JvmResources implements Resources {
    private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(10);

    private final LocalNode node;
    private final Clock clock;
    private final BooleanSupplier closed;

    /**
     * Of a node's jobs.
     *
     * @param clock for the times that are shown
     * @param closed whether the environment is closed
     */
    JvmResources(LocalNode node, Clock clock, BooleanSupplier closed) {
        this.node = node;
        this.clock = clock;
        this.closed = closed;
    }

    @Override
    public List<Gpu> gpus() {
        Pool gpus = schedule().gpus();
        Set<Integer> rays = gpusOfRay(node);
        return Stream.concat(gpus.numbers().stream(), rays.stream())
                .distinct()
                .sorted()
                .map(id -> new Gpu(id, rays.contains(id) ? "leased to the Ray cluster" : gpus.standing(id)))
                .toList();
    }

    /** Those that a cluster of our own has; the schedule knows no holders but jobs. */
    static Set<Integer> gpusOfRay(LocalNode node) {
        return node.outside().held().stream()
                .filter(entry -> entry.job().equals(LocalOutside.NO_JOB))
                .flatMap(entry -> entry.resource() instanceof Resource.Gpu gpu ? Stream.of(gpu.id()) : Stream.empty())
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public List<Port> ports() {
        Pool ports = schedule().ports();
        return ports.numbers().stream()
                .map(number -> new Port(number, ports.standing(number)))
                .toList();
    }

    @Override
    public List<String> waiting() {
        return schedule().waitingInOrder();
    }

    @Override
    public List<Decision> decisions() {
        Instant now = clock.instant();
        long nowNs = System.nanoTime();
        return schedule().decisions().stream()
                .map(decision -> new Decision(
                        decision.number(),
                        now.minusNanos(nowNs - decision.atNs()),
                        decision.job(),
                        decision.outcome().name(),
                        decision.reason(),
                        decision.candidates().stream().map(Object::toString).toList()))
                .toList();
    }

    @Override
    public void drainGpus(int... ids) {
        tell(ids, ScheduleCommand.Drain::new);
    }

    @Override
    public void undrainGpus(int... ids) {
        tell(ids, ScheduleCommand.Undrain::new);
    }

    private void tell(int[] ids, Function<List<Thing>, ScheduleCommand> command) {
        List<Integer> known = schedule().gpus().numbers();
        for (int id : ids) {
            if (!known.contains(id)) {
                throw new IllegalArgumentException(
                        "GPU " + id + " is not configured; sage.gpus.ids has " + known + ".");
            }
        }
        node.tell(new JobManager.Schedules(
                command.apply(Arrays.stream(ids).mapToObj(Thing::gpu).toList())));
    }

    Schedule schedule() {
        if (closed.getAsBoolean()) {
            throw closed("it was closed");
        }
        try {
            return node.<Schedule>ask(JobManager.ShowSchedule::new)
                    .get(ANSWERS_WITHIN.toNanos(), TimeUnit.NANOSECONDS)
                    .orElseThrow(() -> closed("its JobManager died"));
        } catch (TimeoutException e) {
            throw closed("it did not answer within " + ANSWERS_WITHIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw closed("this thread was interrupted while it waited for the answer");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private static SageException closed(String why) {
        return new SageException("environment.closed", "The resources of the environment cannot be told: " + why + ".");
    }
}
