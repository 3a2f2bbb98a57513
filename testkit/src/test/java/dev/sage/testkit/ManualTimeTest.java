package dev.sage.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sage.api.JobFailedException;
import dev.sage.api.JobHandle;
import dev.sage.api.JobResult;
import dev.sage.api.JobState;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.SubmitOptions;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Time-outs of hours, in no time. */
class ManualTimeTest {

    @SageTest(manualTime = true)
    void deadlineStrikesWhenItsTimeHasPassedAndNotBefore(LocalEnvironment env, ManualTime time) throws Exception {
        env.fromRange(0, 3).collect();
        JobHandle job = env.submit(SubmitOptions.autostop().deadline(Duration.ofHours(5)));
        env.fromRange(0, 3).collect();
        JobHandle idle = env.submit(SubmitOptions.keepRunning().deadline(Duration.ofHours(5)));
        assertThat(job.awaitClean().state()).isEqualTo(JobState.COMPLETED);
        Awaitility.await().until(() -> idle.state() == JobState.IDLE);
        time.pass(Duration.ofHours(4));
        assertThat(idle.state()).isEqualTo(JobState.IDLE);
        time.pass(Duration.ofHours(1));
        assertThat(failureOf(idle).state()).isEqualTo(JobState.TIMED_OUT);
    }

    @SageTest(manualTime = true)
    void phaseOfAHungServiceEndsWhenItsTimeHasPassed(LocalEnvironment env, ManualTime time, LifecycleProbe probe)
            throws Exception {
        Gate stop = probe.hold("hung", LifecycleStep.STOP);
        env.service("hung", probe.service("hung"));
        JobHandle job = env.submit(SubmitOptions.autostop().phaseTimeout("stop-services", Duration.ofMinutes(30)));
        stop.awaitReached();
        time.pass(Duration.ofMinutes(30));
        assertThat(failureOf(job).reason()).contains("hung").contains("PT30M");
        assertThat(probe.life("hung")).wasCleanedUpOnce();
    }

    @SageTest(manualTime = true)
    void environmentIsClosedAlthoughCodeHangsAndNobodyMovesTheTime(LocalEnvironment env) throws Exception {
        Gate gate = Gate.closed("a record");
        env.fromRange(0, 3)
                .map(n -> {
                    gate.pass();
                    return n;
                })
                .collect();
        env.submit();
        gate.awaitReached();
    }

    @Test
    void parameterWithoutTheOptionIsRefusedWithTheNextStep() {
        assertThat(InnerRun.failure(Users.class, "withoutTheOption")).contains("@SageTest(manualTime = true)");
    }

    static class Users {
        @SageTest
        void withoutTheOption(ManualTime time) {
            time.pass(Duration.ofSeconds(1));
        }
    }

    private static JobResult failureOf(JobHandle job) {
        return catchThrowableOfType(JobFailedException.class, () -> job.awaitClean(Duration.ofSeconds(20)))
                .result();
    }
}
