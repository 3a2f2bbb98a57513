package dev.sage.runtime.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.api.JobState;
import dev.sage.runtime.core.job.ShutdownPhase.Step;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a job asks for in which state, and how people move it. */
class JobEffectsTest extends JobStory {

    @Test
    void onlyAStartIsBoundedByTheStartTimeOut() {
        JobEffect timer = new JobEffect.StartTimer(Duration.ofSeconds(9));
        queue(spec());
        assertThat(outstanding()).doesNotContain(timer);
        tell(new JobCommand.Admit());
        assertThat(outstanding()).contains(timer);
        tell(new JobCommand.TaskStarted("t"));
        assertThat(outstanding()).doesNotContain(timer);
    }

    @Test
    void tasksAreInterruptedOnlyWhenThatIsDue() {
        start(spec().service("index"));
        tell(new JobCommand.Cancel("enough"));
        assertThat(outstanding())
                .contains(new JobEffect.CancelTask("t"), new JobEffect.InterruptTimer(Duration.ofSeconds(1)))
                .doesNotContain(new JobEffect.InterruptTask("t"));
        tell(new JobCommand.InterruptDue());
        assertThat(outstanding()).contains(new JobEffect.InterruptTask("t"));
        tell(closed("t"));
        assertThat(outstanding()).doesNotHaveAnyElementsOfTypes(JobEffect.InterruptTimer.class);
    }

    @Test
    void everyTimerOfAPhaseHasTheNextNumber() {
        start(spec());
        tell(new JobCommand.Cancel("enough"));
        assertThat(phaseTimers()).containsExactly(new JobEffect.PhaseTimer(Step.STOP_TASKS, 3, Duration.ofSeconds(10)));
        start(spec().service("store").service("index", "store"));
        endTasks();
        tell(new JobCommand.PhaseTimedOut(Step.STOP_SERVICES));
        assertThat(phaseTimers())
                .containsExactly(new JobEffect.PhaseTimer(Step.STOP_SERVICES, 5, Duration.ofSeconds(10)));
    }

    @Test
    void pauseHoldsTheSourcesAndEachPauseIsAnEffectOfItsOwn() {
        start(spec().tasks("t", "u"));
        assertThat(outstanding()).isEmpty();
        tell(new JobCommand.Pause());
        assertThat(job.state()).isEqualTo(JobState.PAUSED);
        assertThat(outstanding()).containsExactly(new JobEffect.HoldSource("t", 1));
        tell(new JobCommand.Resume());
        assertThat(job.state()).isEqualTo(JobState.RUNNING);
        assertThat(outstanding()).containsExactly(new JobEffect.ReleaseSource("t", 1));
        tell(new JobCommand.Pause());
        assertThat(outstanding()).containsExactly(new JobEffect.HoldSource("t", 2));
    }

    @Test
    void sourceThatHasEndedIsNotHeld() {
        start(spec().tasks("t", "u"));
        tell(new JobCommand.TaskEnded("t"), new JobCommand.Pause());
        assertThat(outstanding()).isEmpty();
    }

    @Test
    void jobThatDoesNotRunCannotBePaused() {
        queue(spec());
        tell(new JobCommand.Pause());
        assertThat(job.state()).isEqualTo(JobState.QUEUED);
    }

    @Test
    void deadlineEndsARunningJobAndAQueuedOne() {
        start(spec());
        tell(new JobCommand.DeadlinePassed(), closed("t"));
        assertThat(job.state()).isEqualTo(JobState.TIMED_OUT);
        queue(spec());
        tell(new JobCommand.DeadlinePassed());
        assertThat(job.state()).isEqualTo(JobState.TIMED_OUT);
        assertThat(job.phase()).isEmpty();
    }

    @Test
    void tasksThatHaveAllEndedBeforeTheJobRunsCommitAtOnce() {
        queue(spec());
        tell(new JobCommand.Admit(), new JobCommand.TaskEnded("t"));
        assertThat(job.state()).isEqualTo(JobState.RUNNING);
        assertThat(outstanding()).contains(new JobEffect.CommitTask("t"));
    }

    @Test
    void jobWhosePhasesEndWithItsTasksIsCleanedAllTheSame() {
        start(spec().order(Step.STOP_SOURCES, Step.DRAIN_TASKS, Step.STOP_TASKS));
        tell(new JobCommand.Cancel("enough"), closed("t"));
        assertThat(job.state()).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void timeOutIsThatOfItsPhase() {
        List<ShutdownPhase> phases = List.of(
                new ShutdownPhase(Step.STOP_TASKS, Duration.ofSeconds(1), true),
                new ShutdownPhase(Step.STOP_SERVICES, Duration.ofSeconds(2), true));
        assertThat(ShutdownPhase.timeoutOf(phases, Step.STOP_SERVICES)).isEqualTo(Duration.ofSeconds(2));
    }
}
