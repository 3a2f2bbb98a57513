package dev.sage.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.api.JobHandle;
import dev.sage.api.JobResult;
import dev.sage.api.JobState;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.ProcessService;
import dev.sage.api.SubmitOptions;
import dev.sage.testkit.SageTest;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A job with a process service and a command, both with GPUs and a port, is ended in each way at each state: it ends in the
 * right one, within the time of its phases, and what it had can be had again at once.
 */
@SageTest(
        settings = {
            "sage.gpus.ids=0-3",
            "sage.gpus.idle-check.when=off",
            // Whoever does not get a GPU at once gets it too late for the test.
            "sage.queue.recheck-after=1h",
            "sage.process.stop-within=300ms"
        })
@EnabledOnOs(OS.LINUX)
class ProcessEndTest {
    private static final Duration EARLY_DEADLINE = Duration.ofMillis(700);
    private static final Duration LATE_DEADLINE = Duration.ofSeconds(4);

    /** Where the job is when it is ended. */
    enum At {
        QUEUED,
        /** A process was spawned, and is not ready. */
        STARTING,
        RUNNING,
        IDLE,
        /** Being cleaned up after a cancel. */
        ENDING
    }

    /** How the job is ended. */
    enum By {
        CANCEL(JobState.CANCELLED),
        STOP(JobState.STOPPED),
        DEADLINE(JobState.TIMED_OUT),
        CLOSE(JobState.CANCELLED);

        private final JobState end;

        By(JobState end) {
            this.end = end;
        }
    }

    record End(At at, By by) {
        JobState state() {
            // A job that waits has nothing to drain when it is stopped.
            boolean cancelled = at == At.ENDING || (at == At.QUEUED && by == By.STOP);
            return cancelled ? JobState.CANCELLED : by.end;
        }
    }

    static Stream<End> ends() {
        return Arrays.stream(At.values())
                .flatMap(at -> Arrays.stream(By.values()).map(by -> new End(at, by)));
    }

    @ParameterizedTest
    @MethodSource("ends")
    void jobThatIsEndedAtAnyStateLeavesNothing(End how, LocalEnvironment env) throws Exception {
        List<JobHandle> others = how.at() == At.QUEUED ? List.of(jobWithAllGpus(env)) : List.of();
        JobHandle job = submit(env, how);
        bring(job, how.at());
        List<Integer> ports = job.leases().ports();
        end(job, how.by(), env);
        JobResult result = Jobs.end(job);
        assertThat(result.state()).as(result::reason).isEqualTo(how.state());
        assertThat(result.clean()).as(() -> result.cleanup().toString()).isTrue();
        ProcessJobs.assertNothingIsLeft(job, ports);
        for (JobHandle other : others) {
            other.cancel();
            Jobs.end(other);
        }
        if (how.by() != By.CLOSE) {
            ProcessJobs.assertAllGpusAreFree(env);
        }
    }

    private static JobHandle jobWithAllGpus(LocalEnvironment env) {
        env.command("all", ProcessService.command("sleep", "600").gpus(ProcessJobs.GPUS));
        JobHandle job = env.submit();
        Jobs.awaitState(job, JobState.RUNNING);
        return job;
    }

    private static JobHandle submit(LocalEnvironment env, End how) {
        env.service("server", how.at() == At.STARTING ? ProcessJobs.LATE : ProcessJobs.SERVER);
        env.command(
                "trainer", how.at() == At.IDLE ? ProcessService.command("true").gpus(2) : ProcessJobs.TRAINER);
        SubmitOptions options = SubmitOptions.keepRunning();
        boolean early = how.at() == At.QUEUED || how.at() == At.STARTING;
        return env.submit(how.by() == By.DEADLINE ? options.deadline(early ? EARLY_DEADLINE : LATE_DEADLINE) : options);
    }

    private static void bring(JobHandle job, At at) {
        switch (at) {
            case QUEUED -> assertThat(job.state()).isEqualTo(JobState.QUEUED);
            case STARTING -> ProcessJobs.awaitStarting(job);
            case RUNNING -> ProcessJobs.awaitRunning(job);
            case IDLE -> Jobs.awaitState(job, JobState.IDLE);
            case ENDING -> {
                ProcessJobs.awaitRunning(job);
                job.cancel();
            }
        }
    }

    private static void end(JobHandle job, By by, LocalEnvironment env) {
        switch (by) {
            case CANCEL -> job.cancel();
            case STOP -> job.stop();
            case CLOSE -> env.close();
            case DEADLINE -> {}
        }
    }
}
