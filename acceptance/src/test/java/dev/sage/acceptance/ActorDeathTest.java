package dev.sage.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sage.api.CleanupReport;
import dev.sage.api.JobFailure;
import dev.sage.api.JobHandle;
import dev.sage.api.JobResult;
import dev.sage.api.JobState;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.SageException;
import dev.sage.api.SubmitOptions;
import dev.sage.testkit.ExpectedLog;
import dev.sage.testkit.Faults;
import dev.sage.testkit.Gate;
import dev.sage.testkit.LifecycleProbe;
import dev.sage.testkit.LifecycleStep;
import dev.sage.testkit.SageTest;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What becomes of a job when one of the actors that run it dies. */
@SageTest
class ActorDeathTest {

    @Test
    @ExpectedLog("Kill")
    void deathOfATaskActorFailsTheJobAndEverythingIsCleaned(LocalEnvironment env, LifecycleProbe probe, Faults faults)
            throws Exception {
        RecordingSink<Long> sink = new RecordingSink<>();
        JobHandle job = runEndless(env, probe, sink);
        faults.crashTask(job, "source", 0);
        JobResult result = Jobs.end(job);
        assertFailed(result, "task's actor died");
        assertThat(result.clean()).isTrue();
        assertThat(sink.steps()).endsWith("abort");
        assertThat(probe.life("index")).livedWholly();
    }

    @Test
    @ExpectedLog("Kill")
    void deathOfATaskActorWhoseCodeHangsIsBoundedAndTheCodeIsNamed(
            LocalEnvironment env, LifecycleProbe probe, Faults faults) throws Exception {
        try (Gate gate = Gate.closed("map")) {
            env.service("index", probe.service("index"));
            env.fromRange(0, 10)
                    .map(n -> {
                        gate.passUninterruptibly();
                        return n;
                    })
                    .collect();
            JobHandle job = env.submit(SubmitOptions.autostop().phaseTimeout("stop-tasks", Duration.ofMillis(300)));
            gate.awaitReached();
            faults.crashTask(job, "range", 0);
            JobResult result = Jobs.end(job);
            assertFailed(result, "task's actor died");
            assertThat(result.cleanup().failures())
                    .extracting(CleanupReport.Line::name)
                    .containsExactly("range/0");
            assertThat(probe.life("index")).livedWholly();
        }
    }

    @Test
    @ExpectedLog("Kill")
    void deathOfAServiceActorFailsTheJobAndTheServiceIsStoppedAndCleanedOnce(
            LocalEnvironment env, LifecycleProbe probe, Faults faults) throws Exception {
        JobHandle job = runEndless(env, probe, new RecordingSink<>());
        faults.crashService(job, "index");
        JobResult result = Jobs.end(job);
        assertFailed(result, "service's actor died");
        assertThat(result.failure().map(JobFailure::name)).contains("index");
        assertThat(result.clean()).isTrue();
        assertThat(probe.life("index")).livedWholly();
    }

    @Test
    @ExpectedLog("Kill")
    void deathOfAServiceActorDuringTheStartEndsWithOneCleanup(LocalEnvironment env, LifecycleProbe probe, Faults faults)
            throws Exception {
        Gate start = probe.hold("index", LifecycleStep.START);
        env.service("index", probe.service("index"));
        JobHandle job = env.submit();
        start.awaitReached();
        faults.crashService(job, "index");
        assertFailed(Jobs.end(job), "service's actor died");
        assertThat(probe.life("index")).wasCleanedUpOnce().completedCleanup();
    }

    @Test
    @ExpectedLog("Kill")
    void deathOfAServiceActorDuringTheCleanupDoesNotCleanTwice(
            LocalEnvironment env, LifecycleProbe probe, Faults faults) throws Exception {
        Gate cleanup = probe.hold("index", LifecycleStep.CLEANUP);
        env.service("index", probe.service("index"));
        JobHandle job = env.submit(SubmitOptions.autostop());
        cleanup.awaitReached();
        faults.crashService(job, "index");
        cleanup.open();
        assertThat(Jobs.end(job).clean()).isTrue();
        assertThat(probe.life("index")).livedWholly();
    }

    @Test
    @ExpectedLog({"Kill", "Dispatcher"})
    void deathOfADispatcherFailsTheJobWhenItsTasksAndServicesAreGone(
            LocalEnvironment env, LifecycleProbe probe, Faults faults) throws Exception {
        RecordingSink<Long> sink = new RecordingSink<>();
        JobHandle job = runEndless(env, probe, sink);
        Gate cleanup = probe.hold("index", LifecycleStep.CLEANUP);
        faults.crashDispatcher(job);
        cleanup.awaitReached();
        assertThat(job.state().isTerminal()).isFalse();
        cleanup.open();
        JobResult result = Jobs.end(job);
        assertFailed(result, "Dispatcher died");
        assertThat(result.clean()).isTrue();
        assertThat(result.cleanup().lines())
                .extracting(CleanupReport.Line::name)
                .contains("index", "source/0");
        assertThat(sink.steps()).endsWith("abort");
        assertThat(probe.life("index")).livedWholly();
    }

    @SageTest(
            settings = {
                "sage.job-shutdown.interrupt-after=100ms",
                "sage.job-shutdown.phases.stop-tasks.timeout=300ms",
                "sage.service.calls-end-within=100ms",
                "sage.job-shutdown.phases.stop-services.timeout=300ms",
                "sage.job-shutdown.phases.cleanup-services.timeout=300ms"
            })
    @ExpectedLog({"Kill", "Dispatcher"})
    void deathOfADispatcherWhoseTaskAndServicesHangIsBoundedAndTheyAreNamed(
            LocalEnvironment env, LifecycleProbe probe, Faults faults) throws Exception {
        probe.hold("stuck", LifecycleStep.CLEANUP);
        probe.hold("slow", LifecycleStep.STOP);
        try (Gate gate = Gate.closed("map")) {
            env.service("stuck", probe.service("stuck"));
            env.service("slow", probe.service("slow"));
            env.service("index", probe.service("index"));
            env.fromRange(0, 10)
                    .map(n -> {
                        gate.passUninterruptibly();
                        return n;
                    })
                    .collect();
            JobHandle job = env.submit();
            gate.awaitReached();
            faults.crashDispatcher(job);
            JobResult result = Jobs.end(job);
            assertFailed(result, "Dispatcher died");
            assertThat(result.clean()).isFalse();
            assertThat(result.cleanup().failures())
                    .extracting(CleanupReport.Line::name)
                    .containsExactlyInAnyOrder("range/0", "stuck");
            assertThat(result.laterFailures())
                    .singleElement()
                    .satisfies(failure ->
                            assertThat(failure.describe()).contains("slow", "stop", "did not return within"));
            assertThat(probe.life("index")).livedWholly();
            assertThat(probe.life("slow")).wasCleanedUpOnce().completedCleanup();
        }
    }

    @Test
    @ExpectedLog({"Kill", "Dispatcher"})
    void otherJobsOfTheEnvironmentGoOnWhenADispatcherDies(LocalEnvironment env, LifecycleProbe probe, Faults faults)
            throws Exception {
        JobHandle job = runEndless(env, probe, new RecordingSink<>());
        env.fromSource(Jobs.endless()).sink(n -> {});
        JobHandle other = env.submit();
        Jobs.awaitState(other, JobState.RUNNING);
        faults.crashDispatcher(job);
        Jobs.end(job);
        assertThat(other.state()).isEqualTo(JobState.RUNNING);
        other.stop();
        assertThat(Jobs.end(other).state()).isEqualTo(JobState.STOPPED);
    }

    @Test
    @ExpectedLog({"Kill", "JobManager"})
    void deathOfTheJobManagerEndsAllJobsCleanedAndNobodyHangs(LocalEnvironment env, LifecycleProbe probe, Faults faults)
            throws Exception {
        env.service("kept", probe.service("kept"));
        env.fromRange(0, 10).collect();
        env.run(SubmitOptions.autostop().keepServices("kept"));
        JobHandle job = runEndless(env, probe, new RecordingSink<>());
        faults.crashJobManager();
        assertFailed(Jobs.end(job), "JobManager died");
        assertThat(probe.life("index")).livedWholly();
        assertThat(probe.life("kept")).livedWholly();
        env.fromRange(0, 10).collect();
        assertFailed(Jobs.end(env.submit()), "JobManager died");
        assertThatThrownBy(
                        () -> env.sharedService("late", probe.service("late")).call("echo", "x"))
                .isInstanceOf(SageException.class);
        long beforeNs = System.nanoTime();
        env.close();
        assertThat(Duration.ofNanos(System.nanoTime() - beforeNs)).isLessThan(Duration.ofSeconds(4));
    }

    private static JobHandle runEndless(LocalEnvironment env, LifecycleProbe probe, RecordingSink<Long> sink) {
        env.service("index", probe.service("index"));
        env.fromSource(Jobs.endless()).sink(sink);
        JobHandle job = env.submit();
        Jobs.awaitState(job, JobState.RUNNING);
        return job;
    }

    private static void assertFailed(JobResult result, String reason) {
        assertThat(result.state()).isEqualTo(JobState.FAILED);
        assertThat(result.reason()).contains(reason);
        assertThat(result.failure().map(JobFailure::message)).get().asString().contains(reason);
    }
}
