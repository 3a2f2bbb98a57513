package dev.sage.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sage.api.JobHandle;
import dev.sage.api.JobResult;
import dev.sage.api.JobState;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.ProcessService;
import dev.sage.testkit.ExpectedLog;
import dev.sage.testkit.Faults;
import dev.sage.testkit.SageTest;
import java.util.List;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An actor of a job with processes dies: the processes do not outlive the job, and their GPUs and ports are free. */
@SageTest(
        settings = {
            "sage.gpus.ids=0-3",
            "sage.gpus.idle-check.when=off",
            "sage.queue.recheck-after=1h",
            "sage.process.stop-within=1s"
        })
@ExpectedLog({"Kill", "Dispatcher", "died"})
@EnabledOnOs(OS.LINUX)
class ProcessActorDeathTest {

    /** Which one dies. */
    enum Actor {
        DISPATCHER,
        SERVICE,
        TASK;

        void die(JobHandle job, Faults faults) {
            switch (this) {
                case DISPATCHER -> faults.crashDispatcher(job);
                case SERVICE -> faults.crashService(job, "server");
                case TASK -> faults.crashTask(job, "trainer", 0);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Actor.class,
            names = {"DISPATCHER", "SERVICE"})
    void whileAProcessStarts(Actor actor, LocalEnvironment env, Faults faults) throws Exception {
        env.service("server", ProcessJobs.LATE);
        JobHandle job = env.submit();
        ProcessJobs.awaitStarting(job);
        List<Integer> ports = job.leases().ports();
        actor.die(job, faults);
        assertGone(job, ports, env, JobState.FAILED);
    }

    @ParameterizedTest
    @EnumSource(Actor.class)
    void whileProcessesRun(Actor actor, LocalEnvironment env, Faults faults) throws Exception {
        JobHandle job = submit(env, ProcessJobs.TRAINER);
        List<Integer> ports = job.leases().ports();
        actor.die(job, faults);
        assertGone(job, ports, env, JobState.FAILED);
    }

    @ParameterizedTest
    @EnumSource(Actor.class)
    void whileProcessesAreEnded(Actor actor, LocalEnvironment env, Faults faults) throws Exception {
        JobHandle job = submit(env, ProcessJobs.DEAF_TRAINER);
        List<Integer> ports = job.leases().ports();
        job.cancel();
        // The first cause settles the outcome, and a death may be heard before a cancel that was asked for earlier.
        await().until(() -> job.state() != JobState.RUNNING);
        actor.die(job, faults);
        assertGone(job, ports, env, actor == Actor.DISPATCHER ? JobState.FAILED : JobState.CANCELLED);
    }

    private static JobHandle submit(LocalEnvironment env, ProcessService trainer) {
        env.service("server", ProcessJobs.SERVER);
        env.command("trainer", trainer);
        JobHandle job = env.submit();
        ProcessJobs.awaitRunning(job);
        return job;
    }

    private static void assertGone(JobHandle job, List<Integer> ports, LocalEnvironment env, JobState end)
            throws Exception {
        JobResult result = Jobs.end(job);
        assertThat(result.state()).as(result::reason).isEqualTo(end);
        assertThat(result.clean()).as(() -> result.cleanup().toString()).isTrue();
        ProcessJobs.assertNothingIsLeft(job, ports);
        ProcessJobs.assertAllGpusAreFree(env);
    }
}
