package dev.sage.acceptance.faults;

import static dev.sage.testkit.KeptServicesAssert.assertThatKeptServices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sage.api.CleanupReport;
import dev.sage.api.JobFailedException;
import dev.sage.api.JobFailure;
import dev.sage.api.JobHandle;
import dev.sage.api.JobResult;
import dev.sage.api.JobState;
import dev.sage.api.LocalEnvironment;
import dev.sage.testkit.ExpectedLog;
import dev.sage.testkit.Faults;
import dev.sage.testkit.Interrupts;
import dev.sage.testkit.LifecycleFact;
import dev.sage.testkit.SageTest;
import dev.sage.testkit.ServiceLife;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Every failure × (source, map, keyed, async, sink, service) × (autostop, not, keepServices) × (starting, running,
 * stopping): the job ends within the phases' time-outs, in the state of the table, with the cause; what can be cleaned
 * is, what cannot is named; and the environment runs the next job. The cells of one failure share an environment.
 */
@SageTest(
        settings = {
            "sage.job-shutdown.interrupt-after=50ms",
            "sage.service.calls-end-within=100ms",
            "sage.executor.threads=4"
        })
class FaultMatrixTest {
    private static final Duration BOUND = Duration.ofSeconds(20);

    @TestFactory
    @ExpectedLog("Kill")
    @Tag("dying-actors")
    Stream<DynamicTest> taskActorDies(LocalEnvironment env, Faults faults) {
        return cells(Failure.TASK_ACTOR_DIES, env, faults);
    }

    @TestFactory
    @ExpectedLog("Kill")
    @Tag("dying-actors")
    Stream<DynamicTest> serviceActorDies(LocalEnvironment env, Faults faults) {
        return cells(Failure.SERVICE_ACTOR_DIES, env, faults);
    }

    @TestFactory
    @ExpectedLog({"Kill", "The Dispatcher of job"})
    @Tag("dying-actors")
    Stream<DynamicTest> dispatcherDies(LocalEnvironment env, Faults faults) {
        return cells(Failure.DISPATCHER_DIES, env, faults);
    }

    @TestFactory
    Stream<DynamicTest> serviceDiesAndRecovers(LocalEnvironment env, Faults faults) {
        return cells(Failure.SERVICE_DIES_AND_RECOVERS, env, faults);
    }

    @TestFactory
    Stream<DynamicTest> serviceDiesTooOften(LocalEnvironment env, Faults faults) {
        return cells(Failure.SERVICE_DIES_TOO_OFTEN, env, faults);
    }

    @TestFactory
    Stream<DynamicTest> stackOverflow(LocalEnvironment env, Faults faults) {
        return cells(Failure.STACK_OVERFLOW, env, faults);
    }

    @TestFactory
    Stream<DynamicTest> linkageError(LocalEnvironment env, Faults faults) {
        return cells(Failure.LINKAGE_ERROR, env, faults);
    }

    @TestFactory
    Stream<DynamicTest> oversizedAllocation(LocalEnvironment env, Faults faults) {
        return cells(Failure.OVERSIZED_ALLOCATION, env, faults);
    }

    @TestFactory
    Stream<DynamicTest> hangThatCanBeInterrupted(LocalEnvironment env, Faults faults) {
        return cells(Failure.HANG_THAT_CAN_BE_INTERRUPTED, env, faults);
    }

    @TestFactory
    Stream<DynamicTest> hangThatCannot(LocalEnvironment env, Faults faults) {
        return cells(Failure.HANG_THAT_CANNOT, env, faults);
    }

    @TestFactory
    Stream<DynamicTest> cleanupHangs(LocalEnvironment env, Faults faults) {
        return cells(Failure.CLEANUP_HANGS, env, faults);
    }

    private static Stream<DynamicTest> cells(Failure failure, LocalEnvironment env, Faults faults) {
        return Cell.of(failure).stream()
                .map(cell -> DynamicTest.dynamicTest(cell.toString(), () -> check(cell, env, faults)));
    }

    private static void check(Cell cell, LocalEnvironment env, Faults faults) throws InterruptedException {
        try (Trap trap = new Trap(cell)) {
            TrappedJob job = new TrappedJob(env, cell, trap);
            bringTo(cell, job.handle, trap);
            strike(cell, job, trap, faults);
            if (cell.needsCancel()) {
                job.handle.cancel();
            } else if (cell.recovers()) {
                endInOrder(cell, job);
            }
            JobResult result = end(job.handle);
            if (cell.keepsService()) {
                endKeptService(env);
            }
            assertEndedAsItMust(cell, result);
            assertCleaned(cell, job, result);
        }
        assertThatKeptServices(env).areNone();
        env.fromRange(0, 10).map(n -> n).parallelism(2).collect();
        assertThat(env.run().state()).isEqualTo(JobState.COMPLETED);
    }

    /** A job that is to stop is asked to before it comes to a service's end, and after it came to other places. */
    private static void bringTo(Cell cell, JobHandle job, Trap trap) throws InterruptedException {
        if (cell.moment() != Moment.STOPPING) {
            trap.awaitTaken();
            return;
        }
        if (cell.strikesAtServicesEnd()) {
            awaitState(job, JobState.RUNNING);
        } else {
            trap.awaitTaken();
        }
        job.stop();
        if (cell.strikesAtServicesEnd()) {
            trap.awaitTaken();
        } else {
            awaitState(job, JobState.STOPPING);
        }
    }

    private static void strike(Cell cell, TrappedJob job, Trap trap, Faults faults) throws InterruptedException {
        switch (cell.failure()) {
            case TASK_ACTOR_DIES -> faults.crashTask(job.handle, cell.place().key(), 0);
            case SERVICE_ACTOR_DIES ->
                faults.crashService(job.handle, cell.place().key());
            case DISPATCHER_DIES -> faults.crashDispatcher(job.handle);
            case SERVICE_DIES_AND_RECOVERS -> {
                job.deaths.die();
                job.deaths.awaitRestarted();
            }
            case SERVICE_DIES_TOO_OFTEN -> {
                job.deaths.die();
                job.deaths.awaitRestarted();
                job.deaths.die();
            }
            default -> {}
        }
        trap.strike();
    }

    /** A job that goes on ends when its next instance has served, unless it is stopping already. */
    private static void endInOrder(Cell cell, TrappedJob job) throws InterruptedException {
        if (cell.moment() != Moment.STOPPING) {
            job.deaths.awaitServed();
            job.endSource();
        }
        if (cell.mode() == Mode.NO_AUTOSTOP && cell.moment() != Moment.STOPPING) {
            awaitState(job.handle, JobState.IDLE);
            job.handle.stop();
        }
    }

    private static void endKeptService(LocalEnvironment env) throws InterruptedException {
        assertThat(env.keptServices()).hasSize(1);
        assertThat(env.keptServices().get(0).end().clean()).isTrue();
    }

    private static void assertEndedAsItMust(Cell cell, JobResult result) {
        assertThat(result.state()).as(result.reason()).isEqualTo(cell.outcome());
        if (cell.failure().isThrown()) {
            JobFailure failure = result.failure().orElseThrow();
            assertThat(failure.cause().orElseThrow())
                    .isInstanceOf(cell.failure().error());
            // A call fails in the operator that made it.
            String culprit = cell.site() == Site.SERVICE_CALL
                    ? Place.MAP.key()
                    : cell.place().key();
            assertThat(failure.name()).isEqualTo(culprit);
        } else if (cell.recovers()) {
            assertThat(result.failure()).isEmpty();
            assertThat(result.laterFailures()).isEmpty();
        } else if (cell.failure().isServiceDeath()) {
            JobFailure failure = result.failure().orElseThrow();
            assertThat(failure.cause()).containsSame(ServiceDeaths.CAUSE);
            assertThat(failure.name()).isEqualTo(Place.SERVICE.key());
        } else if (cell.failure().isDeath()) {
            String victim = cell.failure() == Failure.DISPATCHER_DIES
                    ? "Dispatcher"
                    : cell.place().key();
            assertThat(result.failure().orElseThrow().describe()).contains(victim, "died");
        } else if (cell.outcome() == JobState.FAILED) {
            assertThat(result.failure().orElseThrow().describe())
                    .contains(cell.place().key());
        }
    }

    private static void assertCleaned(Cell cell, TrappedJob job, JobResult result) {
        assertThat(result.cleanup().failures())
                .extracting(CleanupReport.Line::name)
                .map(name -> name.replaceFirst("/\\d+$", ""))
                .isEqualTo(cell.leftBehind().stream().toList());
        String sinksEnd = cell.commits() ? "beside commit" : "beside abort";
        if (cell.tasksReturn() && job.witnessed.contains("beside open")) {
            assertThat(job.witnessed).containsOnlyOnce(sinksEnd);
        }
        if (!cell.commits()) {
            assertThat(job.witnessed).noneMatch(step -> step.endsWith("commit"));
        }
        if (cell.hangsInStartOrStop() && cell.failure().interrupts() == Interrupts.IGNORED) {
            assertThat(Stream.concat(result.failure().stream(), result.laterFailures().stream())
                            .toList())
                    .extracting(JobFailure::describe)
                    .anyMatch(failure -> failure.contains("'service'") && failure.contains("did not return within"));
        }
        assertCleaned(job.probe.life("store"));
        if (cell.failure().isServiceDeath()) {
            assertThat(result.services().get(Place.SERVICE.key()).restarts()).isEqualTo(1);
            assertEachInstanceCleanedOnce(job.probe.life(Place.SERVICE.key()));
        } else if (cell.isServiceCleaned()) {
            assertCleaned(job.probe.life(Place.SERVICE.key()));
        }
    }

    private static void assertCleaned(ServiceLife life) {
        if (life.has(LifecycleFact.INITIALIZED)) {
            assertThat(life).wasCleanedUpOnce().completedCleanup();
        }
    }

    private static void assertEachInstanceCleanedOnce(ServiceLife life) {
        List<LifecycleFact> facts = life.facts();
        assertThat(facts).hasSize(2 * LifecycleFact.values().length);
        int half = facts.size() / 2;
        assertThat(facts.subList(0, half)).containsExactly(LifecycleFact.values());
        assertThat(facts.subList(half, facts.size())).containsExactly(LifecycleFact.values());
    }

    private static void awaitState(JobHandle job, JobState state) {
        await("job in state " + state).atMost(BOUND).until(() -> job.state() == state);
    }

    private static JobResult end(JobHandle job) throws InterruptedException {
        try {
            return job.awaitClean(BOUND);
        } catch (JobFailedException e) {
            return e.result();
        } catch (TimeoutException e) {
            throw new AssertionError("Job hangs in " + job.state() + ": " + job.progress(), e);
        }
    }
}
