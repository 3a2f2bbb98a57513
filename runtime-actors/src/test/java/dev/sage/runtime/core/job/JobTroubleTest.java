package dev.sage.runtime.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.api.CleanupReport;
import dev.sage.api.CleanupReport.Outcome;
import dev.sage.api.JobState;
import dev.sage.runtime.core.job.ShutdownPhase.Step;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
    void hurryCancelsAndShortensThePhaseThatRunsAndAllThatFollow() {
        start(twoTasks());
        tell(new JobCommand.Cancel("enough"));
        assertThat(outstanding()).contains(new JobEffect.PhaseTimer(Step.STOP_TASKS, 3, Duration.ofSeconds(10)));
        tell(new JobCommand.Hurry("more than enough", Duration.ofSeconds(1)));
        assertThat(outstanding())
                .contains(
                        new JobEffect.PhaseTimer(Step.STOP_TASKS, 4, Duration.ofSeconds(1)),
                        new JobEffect.InterruptTask("t"));
        tell(closed("t"), closed("u"));
        assertThat(outstanding()).contains(new JobEffect.PhaseTimer(Step.STOP_SERVICES, 5, Duration.ofSeconds(1)));
        assertThat(job.reason()).doesNotContain("more than");
    }

    @Test
    void hurryOfAJobThatDrainsIsACancelOfTheSameOutcome() {
        start(twoTasks());
        tell(new JobCommand.Stop("enough"), new JobCommand.Hurry("now", Duration.ofSeconds(1)));
        assertThat(job.outcome()).contains(JobState.STOPPED);
        assertThat(outstanding()).contains(new JobEffect.CancelTask("t"));
    }

    @Test
    void hurryKillsProcessesBeforeTheirPhaseAndOnlyIfThereAreAny() {
        start(twoTasks());
        tell(new JobCommand.Hurry("now", Duration.ofSeconds(1)));
        assertThat(outstanding()).noneMatch(JobEffect.KillProcesses.class::isInstance);
        start(twoTasks().outside(Step.STOP_PROCESSES));
        tell(new JobCommand.Cancel("enough"));
        assertThat(outstanding()).noneMatch(JobEffect.KillProcesses.class::isInstance);
        tell(new JobCommand.Hurry("now", Duration.ofSeconds(1)));
        assertThat(outstanding()).contains(new JobEffect.KillProcesses(Set.of()));
    }

    @Test
    void hurryOfAJobThatWaitsIsACancel() {
        tell(new JobCommand.Hurry("now", Duration.ofSeconds(1)));
        assertThat(job.state()).isEqualTo(JobState.CANCELLED);
        assertThat(job.reason()).isEqualTo("now");
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
        Set<JobEffect> timers = phaseTimers();
        tell(new JobCommand.PhaseTimedOut(Step.STOP_TASKS));
        assertThat(failedLines()).isEmpty();
        assertThat(job.laterFailures()).isEmpty();
        assertThat(phaseTimers()).isEqualTo(timers);
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
        assertThat(line("index").outcome()).isEqualTo(Outcome.RELEASED);
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
        assertThat(job.laterFailures()).containsExactly(FAILURE);
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

    @Test
    void taskWhoseCloseFailedIsNamedAndFailsTheJob() {
        start(twoTasks());
        tell(new JobCommand.TaskEnded("t"), new JobCommand.TaskEnded("u"));
        tell(new JobCommand.TaskClosed("t", Optional.of(FAILURE)), closed("u"));
        assertThat(job.failure()).contains(FAILURE);
        assertThat(line("t").outcome()).isEqualTo(Outcome.FAILED);
        assertThat(line("t").reason()).contains("thrown");
        assertThat(line("u").outcome()).isEqualTo(Outcome.RELEASED);
    }

    @Test
    void taskThatClosesWithoutHavingBeenToldToFailsTheJobAndIsReleased() {
        start(twoTasks());
        tell(closed("t"));
        assertThat(job.failure().orElseThrow().message()).contains("without having been told to");
        assertThat(line("t").outcome()).isEqualTo(Outcome.RELEASED);
    }

    @Test
    void whatALostTaskDidIsCancelledAtOnceWhicheverPhaseComesFirst() {
        start(twoTasks().order(Step.STOP_SERVICES, Step.STOP_TASKS, Step.CLEANUP_SERVICES, Step.RECORD_OUTCOME));
        tell(new JobCommand.TaskLost("t"));
        assertThat(outstanding()).contains(new JobEffect.CancelTask("t")).doesNotContain(new JobEffect.CancelTask("u"));
    }

    @Test
    void stopThatThrewAfterItsTimeWasUpIsNoNews() {
        start(twoTasks());
        endTasks();
        tell(new JobCommand.PhaseTimedOut(Step.STOP_SERVICES));
        tell(new JobCommand.ServiceStopped("index", Optional.of(FAILURE)));
        assertThat(job.laterFailures()).isEmpty();
    }

    @Test
    void cleanupThatThrewIsNamed() {
        start(twoTasks());
        endTasks();
        tell(stopped("index"), new JobCommand.ServiceCleaned("index", Optional.of(FAILURE)));
        assertThat(line("index").outcome()).isEqualTo(Outcome.FAILED);
        assertThat(line("index").reason()).contains("thrown");
    }

    @Test
    void cleanupThatDoesNotReturnFailsTheJob() {
        start(twoTasks());
        endTasks();
        tell(stopped("index"), new JobCommand.PhaseTimedOut(Step.CLEANUP_SERVICES));
        assertThat(job.failure().orElseThrow().message()).contains("cleanup did not return within PT10S");
    }

    @Test
    void serviceWhoseActorIsGoneWithoutAWordIsLost() {
        start(twoTasks());
        tell(new JobCommand.ServiceTerminated("index"));
        assertThat(job.failure().orElseThrow().message()).contains("actor died");
    }

    @Test
    void serviceThatWasNeverStartedIsNeitherStoppedNorReported() {
        queue(spec().service("a", "b").service("b"));
        tell(new JobCommand.Admit(), new JobCommand.Cancel("enough"), stopped("b"), cleaned("b"));
        assertThat(job.state()).isEqualTo(JobState.CANCELLED);
        assertThat(job.service("a")).isEqualTo(ServiceStatus.GONE);
        assertThat(job.lines()).extracting(CleanupReport.Line::name).containsExactly("b");
    }

    @Test
    void whatWasNotReleasedOutsideIsReportedWithTheRestAndFailsTheJob() {
        start(spec().outside(Step.STOP_PROCESSES));
        endTasks();
        tell(new JobCommand.Released(7, List.of(port("8080", Outcome.RELEASED), port("8081", Outcome.FAILED))));
        assertThat(job.state()).isEqualTo(JobState.FAILED);
        assertThat(job.lines()).extracting(CleanupReport.Line::name).containsExactly("t", "8080", "8081");
        assertThat(job.failure().orElseThrow().describe()).contains("8081", "port was not released: in use");
        assertThat(job.laterFailures()).isEmpty();
    }

    private static CleanupReport.Line port(String number, Outcome outcome) {
        return new CleanupReport.Line("port", number, "stop-processes", outcome, "in use", Duration.ZERO);
    }

    @Test
    void lineTellsHowLongItsPhaseHadLasted() {
        start(twoTasks());
        nowNs = 5_000_000_000L;
        tell(new JobCommand.Cancel("enough"));
        nowNs = 7_000_000_000L;
        tell(closed("t"));
        assertThat(line("t").step()).isEqualTo("stop-tasks");
        assertThat(line("t").duration()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void taskThatEndsByItselfTakesNoTimeOfTheShutdown() {
        start(twoTasks());
        nowNs = 5_000_000_000L;
        endTasks();
        assertThat(line("t").step()).isEqualTo("end-of-stream");
        assertThat(line("t").duration()).isZero();
    }

    private static JobSpecBuilder twoTasks() {
        return spec().tasks("t", "u").service("index");
    }
}
