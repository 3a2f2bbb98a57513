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
    void deathOfATaskActorFailsTheJobAndEverythingIsCleaned(LocalEnvironment env, LifecycleProbe probe)
            throws Exception {
        RecordingSink<Long> sink = new RecordingSink<>();
        JobHandle job = runEndless(env, probe, sink);
        Actors.kill(env, "task_" + job.id() + "_1_source/0");
        JobResult result = Jobs.end(job);
        assertFailed(result, "task's actor died");
        assertThat(result.clean()).isTrue();
        assertThat(sink.steps()).endsWith("abort");
        assertThat(probe.life("index")).livedWholly();
    }

    @Test
    void deathOfATaskActorWhoseCodeHangsIsBoundedAndTheCodeIsNamed(LocalEnvironment env, LifecycleProbe probe)
            throws Exception {
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
            Actors.kill(env, "task_" + job.id() + "_1_range/0");
            JobResult result = Jobs.end(job);
            assertFailed(result, "task's actor died");
            assertThat(result.cleanup().failures())
                    .extracting(CleanupReport.Line::name)
                    .containsExactly("range/0");
            assertThat(probe.life("index")).livedWholly();
        }
    }

    @Test
    void deathOfAServiceActorFailsTheJobAndTheServiceIsStoppedAndCleanedOnce(LocalEnvironment env, LifecycleProbe probe)
            throws Exception {
        JobHandle job = runEndless(env, probe, new RecordingSink<>());
        Actors.kill(env, "service_" + job.id() + "_1_index");
        JobResult result = Jobs.end(job);
        assertFailed(result, "service's actor died");
        assertThat(result.failure().map(JobFailure::name)).contains("index");
        assertThat(result.clean()).isTrue();
        assertThat(probe.life("index")).livedWholly();
    }

    @Test
    void deathOfAServiceActorDuringTheStartEndsWithOneCleanup(LocalEnvironment env, LifecycleProbe probe)
            throws Exception {
        Gate start = probe.hold("index", LifecycleStep.START);
        env.service("index", probe.service("index"));
        JobHandle job = env.submit();
        start.awaitReached();
        Actors.kill(env, "service_" + job.id() + "_1_index");
        assertFailed(Jobs.end(job), "service's actor died");
        assertThat(probe.life("index")).wasCleanedUpOnce().completedCleanup();
    }

    @Test
    void deathOfAServiceActorDuringTheCleanupDoesNotCleanTwice(LocalEnvironment env, LifecycleProbe probe)
            throws Exception {
        Gate cleanup = probe.hold("index", LifecycleStep.CLEANUP);
        env.service("index", probe.service("index"));
        JobHandle job = env.submit(SubmitOptions.autostop());
        cleanup.awaitReached();
        Actors.kill(env, "service_" + job.id() + "_1_index");
        cleanup.open();
        assertThat(Jobs.end(job).clean()).isTrue();
        assertThat(probe.life("index")).livedWholly();
    }

    @Test
    @ExpectedLog("Dispatcher")
    void deathOfADispatcherFailsTheJobWhenItsTasksAndServicesAreGone(LocalEnvironment env, LifecycleProbe probe)
            throws Exception {
        RecordingSink<Long> sink = new RecordingSink<>();
        JobHandle job = runEndless(env, probe, sink);
        Gate cleanup = probe.hold("index", LifecycleStep.CLEANUP);
        Actors.kill(env, "dispatcher_" + job.id());
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
    @ExpectedLog("Dispatcher")
    void deathOfADispatcherWhoseTaskAndServicesHangIsBoundedAndTheyAreNamed(LocalEnvironment env, LifecycleProbe probe)
            throws Exception {
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
            Actors.kill(env, "dispatcher_" + job.id());
            JobResult result = Jobs.end(job);
            assertFailed(result, "Dispatcher died");
            assertThat(result.clean()).isFalse();
            assertThat(result.cleanup().failures())
                    .extracting(CleanupReport.Line::name)
                    .containsExactlyInAnyOrder("range/0", "stuck");
            assertThat(probe.life("index")).livedWholly();
            assertThat(probe.life("slow")).wasCleanedUpOnce().completedCleanup();
        }
    }

    @Test
    @ExpectedLog("Dispatcher")
    void otherJobsOfTheEnvironmentGoOnWhenADispatcherDies(LocalEnvironment env, LifecycleProbe probe) throws Exception {
        JobHandle job = runEndless(env, probe, new RecordingSink<>());
        env.fromSource(Jobs.endless()).sink(n -> {});
        JobHandle other = env.submit();
        Jobs.awaitState(other, JobState.RUNNING);
        Actors.kill(env, "dispatcher_" + job.id());
        Jobs.end(job);
        assertThat(other.state()).isEqualTo(JobState.RUNNING);
        other.stop();
        assertThat(Jobs.end(other).state()).isEqualTo(JobState.STOPPED);
    }

    @Test
    @ExpectedLog("JobManager")
    void deathOfTheJobManagerEndsAllJobsCleanedAndNobodyHangs(LocalEnvironment env, LifecycleProbe probe)
            throws Exception {
        env.service("kept", probe.service("kept"));
        env.fromRange(0, 10).collect();
        env.run(SubmitOptions.autostop().keepServices("kept"));
        JobHandle job = runEndless(env, probe, new RecordingSink<>());
        Actors.kill(env, "job-manager");
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
