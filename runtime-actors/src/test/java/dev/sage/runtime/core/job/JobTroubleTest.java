package dev.sage.runtime.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.api.CleanupReport;
import dev.sage.api.CleanupReport.Outcome;
import dev.sage.api.JobState;
import dev.sage.runtime.core.job.ShutdownPhase.Step;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * What members of a job report when something goes wrong or comes late, one by one. Each rule was once missed by a
 * changed core (see docs/testing-internals.md) although the random sequences went through it.
 */
class JobTroubleTest extends JobStory {
    JobTroubleTest() {
        queue(twoTasks());
    }

    @Test
    void failureOfATaskEndsTheJobAtOnceWithItAsTheCause() {
        start(twoTasks());
        tell(new JobCommand.TaskFailed("t", FAILURE));
        assertThat(job.state()).isEqualTo(JobState.STOPPING);
        assertThat(job.failure()).contains(FAILURE);
        assertThat(outstanding()).contains(new JobEffect.CancelTask("t"), new JobEffect.CancelTask("u"));
    }

    @Test
    void failureOfATaskThatIsGoneIsNoNews() {
        start(twoTasks());
        tell(new JobCommand.Cancel("enough"), closed("t"), new JobCommand.TaskFailed("t", FAILURE));
        assertThat(job.laterFailures()).isEmpty();
    }

    @Test
    void taskThatEndsBeforeItHasToldItsStartHasEnded() {
        tell(new JobCommand.Admit(), new JobCommand.ServiceRunning("index"), new JobCommand.TaskEnded("t"));
        assertThat(job.task("t")).isEqualTo(TaskStatus.ENDED);
    }

    @Test
    void serviceWhoseStartFailedIsCleanedUpWithoutAStop() {
        tell(new JobCommand.Admit(), new JobCommand.ServiceFailed("index", FAILURE));
        assertThat(job.failure()).contains(FAILURE);
        assertThat(outstanding())
                .contains(new JobEffect.CleanUpService("index"))
                .doesNotContain(new JobEffect.StopService("index"));
    }

    @Test
    void failureOfAServiceThatWasCleanedUpIsNoNews() {
        tell(new JobCommand.Admit(), new JobCommand.ServiceFailed("index", FAILURE));
        tell(new JobCommand.ServiceCleaned("index", Optional.empty()), new JobCommand.ServiceFailed("index", FAILURE));
        assertThat(job.laterFailures()).isEmpty();
    }

    @Test
    void stopThatThrewMakesAGoodOutcomeFailedAndTheServiceIsCleanedUpNevertheless() {
        start(twoTasks());
        endTasks();
        tell(new JobCommand.ServiceStopped("index", Optional.of(FAILURE)));
        assertThat(job.failure()).contains(FAILURE);
        assertThat(outstanding()).contains(new JobEffect.CleanUpService("index"));
    }

    @Test
    void cancelGivesUpADrain() {
        start(twoTasks());
        tell(new JobCommand.Stop("enough"));
        assertThat(outstanding()).doesNotContain(new JobEffect.CancelTask("t"));
        tell(new JobCommand.Cancel("now"));
        assertThat(outstanding()).contains(new JobEffect.CancelTask("t"), new JobEffect.CancelTask("u"));
    }

    @Test
    void startThatTakesTooLongNamesExactlyThoseThatAreLate() {
        tell(new JobCommand.Admit(), new JobCommand.ServiceRunning("index"), new JobCommand.TaskStarted("t"));
        tell(new JobCommand.StartTimedOut());
        assertThat(job.failure().orElseThrow().message()).contains("services [] and tasks [u]");
    }

    @Test
    void startTimeOutOfARunningJobIsTooLate() {
        start(twoTasks());
        tell(new JobCommand.StartTimedOut());
        assertThat(job.state()).isEqualTo(JobState.RUNNING);
    }

    @Test
    void drainThatTakesTooLongNamesExactlyTheTasksThatAreNotGone() {
        start(twoTasks());
        tell(new JobCommand.Stop("enough"), new JobCommand.TaskEnded("t"), new JobCommand.TaskEnded("u"), closed("t"));
        tell(new JobCommand.PhaseTimedOut(Step.DRAIN_TASKS));
        assertThat(job.failure().orElseThrow().message()).contains("tasks [u]");
    }

    @Test
    void tasksThatDoNotReturnAreLeftBehindByNameAndTheOthersAreNot() {
        start(twoTasks());
        tell(new JobCommand.Cancel("enough"), closed("t"), new JobCommand.PhaseTimedOut(Step.STOP_TASKS));
        assertThat(failedLines()).extracting(CleanupReport.Line::name).containsExactly("u");
        assertThat(outstanding())
                .contains(new JobEffect.AbandonTask("u"))
                .doesNotContain(new JobEffect.AbandonTask("t"));
    }

    @Test
    void timeOutOfAPhaseThatIsOverIsTooLate() {
        start(twoTasks());
        tell(new JobCommand.Cancel("enough"), closed("t"), closed("u"));
        tell(new JobCommand.PhaseTimedOut(Step.STOP_TASKS));
        assertThat(failedLines()).isEmpty();
        assertThat(job.laterFailures()).isEmpty();
    }

    @Test
    void serviceWhoseStopHasNotReturnedWhenItIsCleanedUpIsNotReleasedUnlessItReturnsInTime() {
        start(twoTasks());
        endTasks();
        tell(new JobCommand.PhaseTimedOut(Step.STOP_SERVICES));
        tell(new JobCommand.ServiceHeld("index", "stop", Optional.empty()));
        assertThat(job.state()).isEqualTo(JobState.CLEANING);
        Job held = job;
        tell(new JobCommand.ServiceCleaned("index", Optional.empty()));
        assertThat(failedLines()).isEmpty();
        job = held;
        tell(new JobCommand.PhaseTimedOut(Step.CLEANUP_SERVICES));
        assertThat(failedLines())
                .singleElement()
                .satisfies(line -> assertThat(line.toString()).contains("index", "its stop has not returned"));
        assertThat(job.state()).isEqualTo(JobState.FAILED);
        assertThat(outstanding()).contains(new JobEffect.AbandonService("index"));
    }

    @Test
    void cleanupThatFailedIsNamedAtOnceAlsoWhileTheStopHangs() {
        start(twoTasks());
        endTasks();
        tell(new JobCommand.PhaseTimedOut(Step.STOP_SERVICES));
        tell(new JobCommand.ServiceHeld("index", "stop", Optional.of(FAILURE)));
        assertThat(failedLines())
                .singleElement()
                .satisfies(line -> assertThat(line.toString()).contains("thrown", "its stop has not returned"));
        assertThat(job.state()).isEqualTo(JobState.FAILED);
    }

    @Test
    void keptServiceIsReportedAsKept() {
        start(twoTasks().keep("index"));
        endTasks();
        assertThat(outstanding()).contains(new JobEffect.KeepService("index"));
        tell(new JobCommand.ServiceKept("index"));
        assertThat(job.state()).isEqualTo(JobState.COMPLETED);
        assertThat(job.lines()).anySatisfy(line -> {
            assertThat(line.name()).isEqualTo("index");
            assertThat(line.outcome()).isEqualTo(Outcome.KEPT);
        });
    }

    @Test
    void serviceThatCannotBeHandedOverInTimeIsNamed() {
        start(twoTasks().keep("index"));
        endTasks();
        tell(new JobCommand.PhaseTimedOut(Step.RECORD_OUTCOME));
        assertThat(failedLines()).singleElement().satisfies(line -> {
            assertThat(line.name()).isEqualTo("index");
            assertThat(line.reason()).contains("could not be handed over");
        });
        assertThat(job.state().isTerminal()).isTrue();
    }

    private static JobSpecBuilder twoTasks() {
        return spec().tasks("t", "u").service("index");
    }
}
