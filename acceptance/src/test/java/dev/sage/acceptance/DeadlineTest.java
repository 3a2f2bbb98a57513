package dev.sage.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sage.api.JobFailedException;
import dev.sage.api.JobHandle;
import dev.sage.api.JobState;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.SubmitOptions;
import dev.sage.testkit.Gate;
import dev.sage.testkit.LifecycleProbe;
import dev.sage.testkit.LifecycleStep;
import dev.sage.testkit.SageTest;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A deadline counts from the submission, in every state. */
@SageTest
class DeadlineTest {
    private static final Duration DEADLINE = Duration.ofMillis(300);

    @Test
    void jobThatRunsPastItsDeadlineTimesOutAndIsCleaned(LocalEnvironment env, LifecycleProbe probe) {
        env.service("index", probe.service("index"));
        RecordingSink<Long> sink = new RecordingSink<>();
        env.fromSource(Jobs.endless()).sink(sink);

        JobFailedException thrown = catchThrowableOfType(
                JobFailedException.class, () -> env.run(SubmitOptions.autostop().deadline(DEADLINE)));

        assertThat(thrown.code()).isEqualTo("job.timed-out");
        assertThat(thrown.result().state()).isEqualTo(JobState.TIMED_OUT);
        assertThat(thrown.result().clean()).isTrue();
        assertThat(sink.steps()).containsExactly("open", "abort");
        assertThat(probe.life("index")).livedWholly();
    }

    @Test
    void idleJobTimesOut(LocalEnvironment env, LifecycleProbe probe) throws InterruptedException {
        env.service("index", probe.service("index"));
        JobHandle job = env.submit(SubmitOptions.keepRunning().deadline(DEADLINE));
        assertThat(Jobs.end(job).state()).isEqualTo(JobState.TIMED_OUT);
        assertThat(probe.life("index")).livedWholly();
    }

    @Test
    void deadlineRunsOnWhileThePausedJobStands(LocalEnvironment env) throws InterruptedException {
        env.fromSource(Jobs.endless()).sink(n -> {});
        JobHandle job = env.submit(SubmitOptions.keepRunning().deadline(DEADLINE));
        Jobs.awaitState(job, JobState.RUNNING);
        job.pause();
        assertThat(Jobs.end(job).state()).isEqualTo(JobState.TIMED_OUT);
    }

    @Test
    void deadlineDuringStartingTimesOut(LocalEnvironment env, LifecycleProbe probe) throws InterruptedException {
        try (Gate start = probe.hold("slow", LifecycleStep.START)) {
            env.service("slow", probe.service("slow"));
            JobHandle job = env.submit(SubmitOptions.autostop().deadline(DEADLINE));
            start.awaitReached();
            assertThat(Jobs.end(job).state()).isEqualTo(JobState.TIMED_OUT);
        }
        assertThat(probe.life("slow")).wasCleanedUpOnce();
    }

    @Test
    void jobThatEndsBeforeItsDeadlineStaysCompleted(LocalEnvironment env) throws InterruptedException {
        env.fromRange(0, 10).collect();
        assertThat(env.run(SubmitOptions.autostop().deadline(Duration.ofMinutes(1)))
                        .state())
                .isEqualTo(JobState.COMPLETED);
    }
}
