package dev.sage.runtime.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.api.CleanupReport;
import dev.sage.api.CleanupReport.Outcome;
import dev.sage.api.JobFailure;
import dev.sage.api.JobState;
import dev.sage.runtime.core.job.ShutdownPhase.Step;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What members of a job report when something goes wrong or comes late, one by one. Each rule was once missed by a
 * changed core (see docs/testing-internals.md) although the random sequences went through it.
 */
class JobTroubleTest {
    private static final JobFailure FAILURE = new JobFailure(
            JobFailure.Origin.OPERATOR, "map", 0, OptionalLong.of(3), "apply", Optional.empty(), "thrown");

    private Job job = Job.queued(spec(Set.of()));

    @Test
    void failureOfATaskEndsTheJobAtOnceWithItAsTheCause() {
        start();
        tell(new JobCommand.TaskFailed("t", FAILURE));
        assertThat(job.state()).isEqualTo(JobState.STOPPING);
        assertThat(job.failure()).contains(FAILURE);
        assertThat(outstanding()).contains(new JobEffect.CancelTask("t"), new JobEffect.CancelTask("u"));
    }

    @Test
    void failureOfATaskThatIsGoneIsNoNews() {
        start();
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
        start();
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
        start();
        tell(new JobCommand.Stop("enough"), new JobCommand.Hurry("now", Duration.ofSeconds(1)));
        assertThat(job.outcome()).contains(JobState.STOPPED);
        assertThat(outstanding()).contains(new JobEffect.CancelTask("t"));
    }

    @Test
    void hurryKillsProcessesBeforeTheirPhaseAndOnlyIfThereAreAny() {
        start();
        tell(new JobCommand.Hurry("now", Duration.ofSeconds(1)));
        assertThat(outstanding()).noneMatch(JobEffect.KillProcesses.class::isInstance);
        job = Job.queued(spec(Set.of(), Set.of(Step.STOP_PROCESSES)));
        start();
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
        start();
        endTasks();
        tell(new JobCommand.ServiceStopped("index", Optional.of(FAILURE)));
        assertThat(job.failure()).contains(FAILURE);
        assertThat(outstanding()).contains(new JobEffect.CleanUpService("index"));
    }

    @Test
    void cancelGivesUpADrain() {
        start();
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
        start();
        tell(new JobCommand.StartTimedOut());
        assertThat(job.state()).isEqualTo(JobState.RUNNING);
    }

    @Test
    void drainThatTakesTooLongNamesExactlyTheTasksThatAreNotGone() {
        start();
        tell(new JobCommand.Stop("enough"), new JobCommand.TaskEnded("t"), new JobCommand.TaskEnded("u"), closed("t"));
        tell(new JobCommand.PhaseTimedOut(Step.DRAIN_TASKS));
        assertThat(job.failure().orElseThrow().message()).contains("tasks [u]");
    }

    @Test
    void tasksThatDoNotReturnAreLeftBehindByNameAndTheOthersAreNot() {
        start();
        tell(new JobCommand.Cancel("enough"), closed("t"), new JobCommand.PhaseTimedOut(Step.STOP_TASKS));
        assertThat(failedLines()).extracting(CleanupReport.Line::name).containsExactly("u");
        assertThat(outstanding())
                .contains(new JobEffect.AbandonTask("u"))
                .doesNotContain(new JobEffect.AbandonTask("t"));
    }

    @Test
    void timeOutOfAPhaseThatIsOverIsTooLate() {
        start();
        tell(new JobCommand.Cancel("enough"), closed("t"), closed("u"));
        tell(new JobCommand.PhaseTimedOut(Step.STOP_TASKS));
        assertThat(failedLines()).isEmpty();
        assertThat(job.laterFailures()).isEmpty();
    }

    @Test
    void serviceWhoseStopHasNotReturnedWhenItIsCleanedUpIsNotReleasedUnlessItReturnsInTime() {
        start();
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
        start();
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
        job = Job.queued(spec(Set.of("index")));
        start();
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
        job = Job.queued(spec(Set.of("index")));
        start();
        endTasks();
        tell(new JobCommand.PhaseTimedOut(Step.RECORD_OUTCOME));
        assertThat(failedLines()).singleElement().satisfies(line -> {
            assertThat(line.name()).isEqualTo("index");
            assertThat(line.reason()).contains("could not be handed over");
        });
        assertThat(job.state().isTerminal()).isTrue();
    }

    private List<CleanupReport.Line> failedLines() {
        return job.lines().stream()
                .filter(line -> line.outcome() == Outcome.FAILED)
                .toList();
    }

    private void start() {
        tell(new JobCommand.Admit(), new JobCommand.ServiceRunning("index"));
        tell(new JobCommand.TaskStarted("t"), new JobCommand.TaskStarted("u"));
        assertThat(job.state()).isEqualTo(JobState.RUNNING);
    }

    private void endTasks() {
        tell(new JobCommand.TaskEnded("t"), new JobCommand.TaskEnded("u"), closed("t"), closed("u"));
    }

    private void tell(JobCommand... commands) {
        for (JobCommand command : commands) {
            for (JobEvent event : JobDecisions.decide(job, command, 0)) {
                job = job.evolve(event);
            }
        }
    }

    private Set<JobEffect> outstanding() {
        return JobEffects.outstanding(job);
    }

    private static JobCommand closed(String task) {
        return new JobCommand.TaskClosed(task, Optional.empty());
    }

    private static JobSpec spec(Set<String> kept) {
        return spec(kept, Set.of());
    }

    private static JobSpec spec(Set<String> kept, Set<Step> outside) {
        return new JobSpec(
                "j",
                true,
                List.of("t", "u"),
                Set.of("t"),
                Map.of("index", List.of()),
                kept,
                outside,
                Duration.ofSeconds(9),
                Duration.ofSeconds(1),
                Stream.of(Step.values())
                        .map(step -> new ShutdownPhase(step, Duration.ofSeconds(10), true))
                        .toList());
    }
}
