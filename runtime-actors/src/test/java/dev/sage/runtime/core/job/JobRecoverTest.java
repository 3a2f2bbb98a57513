package dev.sage.runtime.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.api.CleanupReport;
import dev.sage.api.CleanupReport.Outcome;
import dev.sage.api.JobState;
import dev.sage.runtime.core.job.ShutdownPhase.Step;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** {@code recover = off}: after a failure in such a phase the next ones are skipped, and what they leave is named. */
class JobRecoverTest extends JobStory {

    @Test
    void withoutAFailureEveryPhaseRuns() {
        start(spec().service("index").withoutRecover(Step.values()));
        endTasks();
        assertThat(outstanding()).contains(new JobEffect.StopService("index"));
        tell(stopped("index"), cleaned("index"));
        assertThat(job.state()).isEqualTo(JobState.COMPLETED);
        assertThat(failedLines()).isEmpty();
    }

    @Test
    void failureInAnEarlierPhaseThatRecoversSkipsNothing() {
        start(spec().service("index").withoutRecover(Step.STOP_SERVICES));
        tell(new JobCommand.Cancel("enough"), new JobCommand.PhaseTimedOut(Step.STOP_TASKS));
        assertThat(outstanding()).contains(new JobEffect.StopService("index"));
    }

    @Test
    void failureInTheVeryFirstPhaseSkipsTheOthersToo() {
        start(spec().service("index")
                .order(Step.STOP_TASKS, Step.STOP_SERVICES, Step.CLEANUP_SERVICES, Step.RECORD_OUTCOME)
                .withoutRecover(Step.STOP_TASKS));
        tell(new JobCommand.Cancel("enough"), new JobCommand.PhaseTimedOut(Step.STOP_TASKS));
        assertThat(line("index").reason()).contains("phase stop-tasks failed and its recover is off");
    }

    @Test
    void tasksThatWereNotEndedAreNamedAndTheOthersAreNot() {
        start(spec().tasks("t", "u").withoutRecover(Step.DRAIN_TASKS));
        tell(new JobCommand.Stop("enough"), new JobCommand.TaskEnded("t"), new JobCommand.TaskEnded("u"), closed("t"));
        tell(new JobCommand.PhaseTimedOut(Step.DRAIN_TASKS));
        assertThat(job.state()).isEqualTo(JobState.FAILED);
        assertThat(line("t").outcome()).isEqualTo(Outcome.RELEASED);
        assertThat(line("u").reason()).contains("phase drain-tasks failed and its recover is off");
        assertThat(outstanding())
                .contains(new JobEffect.AbandonTask("u"))
                .doesNotContain(new JobEffect.AbandonTask("t"));
    }

    @Test
    void servicesThatWereCleanedUpAreNotNamedAgain() {
        start(spec().service("a").service("b").withoutRecover(Step.CLEANUP_SERVICES));
        endTasks();
        tell(stopped("a"), stopped("b"), cleaned("a"), new JobCommand.ServiceCleaned("b", Optional.of(FAILURE)));
        assertThat(job.state()).isEqualTo(JobState.FAILED);
        assertThat(line("a").outcome()).isEqualTo(Outcome.RELEASED);
        assertThat(line("b").reason()).contains("thrown");
    }

    @Test
    void whatTheSkippedPhasesWouldHaveReleasedOutsideIsNamedInTheirOrder() {
        start(spec().outside(Step.RELEASE_RAY_ACTORS, Step.RELEASE_RESOURCES, Step.STOP_PROCESSES)
                .withoutRecover(Step.RELEASE_RAY_ACTORS));
        endTasks();
        tell(new JobCommand.PhaseTimedOut(Step.RELEASE_RAY_ACTORS));
        assertThat(job.state()).isEqualTo(JobState.FAILED);
        assertThat(failedLines())
                .extracting(CleanupReport.Line::name)
                .containsExactly("release-ray-actors", "stop-processes", "release-resources");
        assertThat(line("stop-processes").reason()).contains("its recover is off");
    }

    @Test
    void methodThatStillHangsAtTheEndOfTheCleanUpIsAFailureOfThatPhase() {
        start(spec().service("index").outside(Step.STOP_PROCESSES).withoutRecover(Step.CLEANUP_SERVICES));
        endTasks();
        tell(new JobCommand.PhaseTimedOut(Step.STOP_SERVICES));
        tell(new JobCommand.ServiceHeld("index", "stop", Optional.empty()));
        tell(new JobCommand.PhaseTimedOut(Step.CLEANUP_SERVICES));
        assertThat(line("stop-processes").reason()).contains("phase cleanup-services failed");
    }
}
