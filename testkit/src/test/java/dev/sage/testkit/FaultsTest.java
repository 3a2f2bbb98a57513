package dev.sage.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sage.api.CleanupReport;
import dev.sage.api.JobFailedException;
import dev.sage.api.JobFailure;
import dev.sage.api.JobHandle;
import dev.sage.api.JobResult;
import dev.sage.api.JobState;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.SubmitOptions;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Each fault does what it says, and nothing before it is asked for. */
@SageTest
class FaultsTest {

    @Test
    @ExpectedLog("Kill")
    void crashedTaskFailsItsJobByName(LocalEnvironment env, Faults faults) throws Exception {
        Gate gate = faults.hang("a record", Interrupts.HONOURED);
        env.fromRange(0, 10)
                .name("numbers")
                .map(n -> passed(gate, n))
                .name("waiting")
                .parallelism(2)
                .collect();
        JobHandle job = env.submit();
        gate.awaitReached();
        faults.crashTask(job, "waiting", 1);
        gate.open();
        JobFailure failure = failureOf(job).failure().orElseThrow();
        assertThat(failure.describe()).contains("waiting/1").contains("died");
    }

    @Test
    @ExpectedLog("Kill")
    void operatorInTheMiddleOfAChainIsFound(LocalEnvironment env, Faults faults) throws Exception {
        Gate gate = faults.hang("a record", Interrupts.HONOURED);
        env.fromRange(0, 10)
                .name("numbers")
                .map(n -> passed(gate, n))
                .name("waiting")
                .collect();
        JobHandle job = env.submit();
        faults.crashTask(job, "waiting", 0);
        gate.open();
        assertThat(failureOf(job).failure().orElseThrow().describe()).contains("numbers/0");
    }

    @Test
    @ExpectedLog("Kill")
    void crashedServiceFailsItsJobAndIsCleanedUpOnce(LocalEnvironment env, Faults faults, LifecycleProbe probe)
            throws Exception {
        env.service("index", probe.service("index"));
        JobHandle job = env.submit();
        awaitState(job, JobState.IDLE);
        faults.crashService(job, "index");
        assertThat(failureOf(job).failure().orElseThrow().name()).isEqualTo("index");
        Awaitility.await()
                .untilAsserted(
                        () -> assertThat(probe.life("index")).wasCleanedUpOnce().completedCleanup());
    }

    @Test
    @ExpectedLog({"Kill", "Dispatcher"})
    void crashedDispatcherEndsItsJobFailed(LocalEnvironment env, Faults faults) throws Exception {
        env.fromRange(0, 3).collect();
        JobHandle job = env.submit();
        awaitState(job, JobState.IDLE);
        faults.crashDispatcher(job);
        assertThat(failureOf(job).reason()).contains("Dispatcher died");
        env.fromRange(0, 3).collect();
        assertThat(env.run().state()).isEqualTo(JobState.COMPLETED);
    }

    @Test
    void droppedEndOfATaskIsMadeUpForByACancel(LocalEnvironment env, Faults faults) throws Exception {
        DroppedMessages dropped = faults.dropMessages(MessageKind.TASK_ENDED);
        env.fromRange(0, 3).collect();
        JobHandle job = env.submit(SubmitOptions.autostop());
        Awaitility.await().until(() -> dropped.count() == 1);
        assertThat(job.state()).isEqualTo(JobState.RUNNING);
        job.cancel();
        assertThat(job.awaitClean().state()).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void taskThatClosesWithoutAWordHasFailed(LocalEnvironment env, Faults faults) throws Exception {
        DroppedMessages dropped = faults.dropMessages(MessageKind.TASK_CLOSED);
        env.fromRange(0, 3).name("numbers").collect();
        SubmitOptions options = SubmitOptions.autostop().phaseTimeout("stop-tasks", Duration.ofMillis(1_100));
        JobResult result = failureOf(env.submit(options));
        assertThat(dropped.count()).isEqualTo(1);
        assertThat(result.failure().orElseThrow().name()).isEqualTo("numbers/0");
    }

    @Test
    void lostCancelIsBoundedByItsPhaseAndTheTaskIsNamed(LocalEnvironment env, Faults faults) throws Exception {
        Gate gate = faults.hang("a record", Interrupts.HONOURED);
        env.fromRange(0, 10).name("numbers").map(n -> passed(gate, n)).collect();
        JobHandle job = env.submit(SubmitOptions.autostop().phaseTimeout("stop-tasks", Duration.ofMillis(1_100)));
        gate.awaitReached();
        try (DroppedMessages dropped = faults.dropMessages(MessageKind.CANCEL_TASK)) {
            job.cancel();
            JobResult result = job.awaitClean();
            assertThat(dropped.count()).isEqualTo(1);
            assertThat(result.state()).isEqualTo(JobState.CANCELLED);
            assertThat(result.cleanup().failures())
                    .extracting(CleanupReport.Line::name)
                    .containsExactly("numbers/0");
        }
    }

    @Test
    void messagesArriveAgainWhenTheDropIsClosed(LocalEnvironment env, Faults faults) throws Exception {
        faults.dropMessages(MessageKind.TASK_ENDED).close();
        env.fromRange(0, 3).collect();
        assertThat(env.run().state()).isEqualTo(JobState.COMPLETED);
    }

    @Test
    void codeThatHonoursInterruptsIsEndedByACancelAndCodeThatIgnoresThemIsNamed(LocalEnvironment env, Faults faults)
            throws Exception {
        SubmitOptions options = SubmitOptions.autostop().phaseTimeout("stop-tasks", Duration.ofMillis(1_300));
        assertThat(cancelledAt(faults.hang("polite", Interrupts.HONOURED), env, options)
                        .clean())
                .isTrue();
        assertThat(cancelledAt(faults.hang("deaf", Interrupts.IGNORED), env, options)
                        .clean())
                .isFalse();
    }

    @Test
    void worksWithoutTheAnnotation(LeakCheck leaks) throws Exception {
        leaks.expectingLog("Kill", "Dispatcher");
        Faults faults = Faults.create();
        try (LocalEnvironment env = faults.environment("plain", Map.of())) {
            env.fromRange(0, 3).collect();
            JobHandle job = env.submit();
            faults.crashDispatcher(job);
            assertThat(failureOf(job).state()).isEqualTo(JobState.FAILED);
            faults.end();
        }
    }

    private static JobResult cancelledAt(Gate gate, LocalEnvironment env, SubmitOptions options) throws Exception {
        env.fromRange(0, 10).map(n -> passed(gate, n)).collect();
        JobHandle job = env.submit(options);
        gate.awaitReached();
        job.cancel();
        return job.awaitClean();
    }

    private static JobResult failureOf(JobHandle job) {
        return catchThrowableOfType(JobFailedException.class, () -> job.awaitClean(Duration.ofSeconds(20)))
                .result();
    }

    private static void awaitState(JobHandle job, JobState state) {
        Awaitility.await().until(() -> job.state() == state);
    }

    private static Long passed(Gate gate, Long n) throws InterruptedException {
        gate.pass();
        return n;
    }
}
