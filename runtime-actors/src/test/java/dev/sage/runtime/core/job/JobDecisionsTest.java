package dev.sage.runtime.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.api.CleanupReport.Outcome;
import dev.sage.api.JobState;
import dev.sage.runtime.core.job.ShutdownPhase.Step;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The rules of a job's life, one by one. */
class JobDecisionsTest extends JobStory {
    @Test
    void theLastTasksEndCompletesAnAutostopJobOnlyAfterItsServicesAreClean() {
        start(spec().service("index"));
        tell(new JobCommand.TaskEnded("t"), closed("t"));
        assertThat(job.state()).isEqualTo(JobState.CLEANING);
        assertThat(outstanding()).contains(new JobEffect.StopService("index"));
        tell(stopped("index"));
        assertThat(job.state()).isEqualTo(JobState.CLEANING);
        tell(cleaned("index"));
        assertThat(job.state()).isEqualTo(JobState.COMPLETED);
    }

    @Test
    void withoutAutostopTheJobIsIdleUntilItIsStopped() {
        start(spec().withoutAutostop().service("index"));
        tell(new JobCommand.TaskEnded("t"), closed("t"));
        assertThat(job.state()).isEqualTo(JobState.IDLE);
        tell(new JobCommand.Stop("enough"), stopped("index"), cleaned("index"));
        assertThat(job.state()).isEqualTo(JobState.STOPPED);
        assertThat(job.reason()).isEqualTo("enough");
    }

    @Test
    void tasksCommitOnlyWhenAllHaveEnded() {
        start(spec().tasks("a", "b"));
        tell(new JobCommand.TaskEnded("a"));
        assertThat(outstanding()).doesNotContain(new JobEffect.CommitTask("a"));
        tell(new JobCommand.TaskEnded("b"));
        assertThat(outstanding()).contains(new JobEffect.CommitTask("a"), new JobEffect.CommitTask("b"));
    }

    @Test
    void aFailureDuringTheCleanUpMakesAGoodOutcomeFailed() {
        start(spec().service("index"));
        tell(new JobCommand.TaskEnded("t"), closed("t"), stopped("index"));
        tell(new JobCommand.ServiceCleaned("index", Optional.of(FAILURE)));
        assertThat(job.state()).isEqualTo(JobState.FAILED);
        assertThat(job.failure()).contains(FAILURE);
    }

    @Test
    void aFailureDuringTheCleanUpChangesNoBadOutcome() {
        start(spec().service("index"));
        tell(new JobCommand.Cancel("enough"), closed("t"), stopped("index"));
        tell(new JobCommand.ServiceCleaned("index", Optional.of(FAILURE)));
        assertThat(job.state()).isEqualTo(JobState.CANCELLED);
        assertThat(job.failure()).isEmpty();
        assertThat(job.laterFailures()).containsExactly(FAILURE);
    }

    @Test
    void keptServicesGoTooWhenAnotherServicesCleanUpFails() {
        start(spec().service("index").service("kept").keep("kept"));
        tell(new JobCommand.TaskEnded("t"), closed("t"), stopped("index"));
        assertThat(outstanding()).doesNotContain(new JobEffect.StopService("kept"));
        tell(new JobCommand.ServiceCleaned("index", Optional.of(FAILURE)));
        assertThat(outstanding()).contains(new JobEffect.StopService("kept"));
        tell(stopped("kept"), cleaned("kept"));
        assertThat(job.state()).isEqualTo(JobState.FAILED);
    }

    @Test
    void servicesStartAfterThoseTheyDependOnAndStopBeforeThem() {
        queue(spec().service("a", "b").service("b"));
        tell(new JobCommand.Admit());
        assertThat(outstanding())
                .contains(new JobEffect.StartService("b"))
                .doesNotContain(new JobEffect.StartService("a"));
        tell(new JobCommand.ServiceRunning("b"));
        assertThat(outstanding()).contains(new JobEffect.StartService("a"));
        tell(new JobCommand.ServiceRunning("a"), new JobCommand.Cancel("enough"), closed("t"));
        assertThat(outstanding())
                .contains(new JobEffect.StopService("a"))
                .doesNotContain(new JobEffect.StopService("b"));
        tell(stopped("a"));
        assertThat(outstanding()).contains(new JobEffect.StopService("b"));
    }

    @Test
    void hungServicesCostOneTimeOut() {
        start(spec().service("a").service("b").service("c"));
        tell(new JobCommand.TaskEnded("t"), closed("t"));
        assertThat(outstanding())
                .contains(
                        new JobEffect.StopService("a"), new JobEffect.StopService("b"), new JobEffect.StopService("c"));
        tell(new JobCommand.PhaseTimedOut(Step.STOP_SERVICES));
        assertThat(outstanding()).contains(new JobEffect.CleanUpService("a"), new JobEffect.CleanUpService("c"));
        tell(new JobCommand.PhaseTimedOut(Step.CLEANUP_SERVICES));
        assertThat(job.state()).isEqualTo(JobState.FAILED);
        assertThat(job.lines().stream().filter(line -> line.outcome() == Outcome.FAILED))
                .extracting(line -> line.name() + " " + line.step())
                .containsExactly("a cleanup-services", "b cleanup-services", "c cleanup-services");
    }

    @Test
    void hungServiceThatOthersHadToBeWaitedForHasATimerOfItsOwn() {
        start(spec().service("store").service("index", "store"));
        tell(new JobCommand.TaskEnded("t"), closed("t"));
        Set<JobEffect> first = phaseTimers();
        tell(new JobCommand.PhaseTimedOut(Step.STOP_SERVICES));
        assertThat(outstanding()).contains(new JobEffect.StopService("store"));
        assertThat(phaseTimers()).hasSize(1).doesNotContainAnyElementsOf(first);
        tell(new JobCommand.PhaseTimedOut(Step.STOP_SERVICES));
        first = phaseTimers();
        tell(new JobCommand.PhaseTimedOut(Step.CLEANUP_SERVICES));
        assertThat(outstanding()).contains(new JobEffect.CleanUpService("store"));
        assertThat(phaseTimers()).hasSize(1).doesNotContainAnyElementsOf(first);
    }

    @Test
    void cancelDuringStartingNeverEndsCompleted() {
        queue(spec().service("index"));
        tell(new JobCommand.Admit(), new JobCommand.Cancel("enough"), new JobCommand.ServiceRunning("index"));
        tell(stopped("index"), cleaned("index"));
        assertThat(job.state()).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void aCancelledQueuedJobHasNoPhases() {
        queue(spec());
        tell(new JobCommand.Cancel("enough"));
        assertThat(job.state()).isEqualTo(JobState.CANCELLED);
        assertThat(job.phase()).isEmpty();
    }

    @Test
    void aDrainThatTakesTooLongFailsAndSaysThatRecordsWereLost() {
        start(spec());
        tell(new JobCommand.Stop("enough"));
        assertThat(outstanding()).contains(new JobEffect.StopSource("t"));
        tell(new JobCommand.PhaseTimedOut(Step.DRAIN_TASKS));
        assertThat(outstanding()).contains(new JobEffect.CancelTask("t"));
        tell(closed("t"));
        assertThat(job.state()).isEqualTo(JobState.FAILED);
        assertThat(job.reason()).contains("lost");
    }

    @Test
    void whatIsNotReleasedAfterAPhaseWithoutRecoverIsNamed() {
        start(spec().service("index").withoutRecover(Step.STOP_TASKS));
        tell(new JobCommand.Cancel("enough"), new JobCommand.PhaseTimedOut(Step.STOP_TASKS));
        assertThat(job.state()).isEqualTo(JobState.CANCELLED);
        assertThat(job.lines()).anySatisfy(line -> {
            assertThat(line.name()).isEqualTo("index");
            assertThat(line.reason()).contains("recover");
        });
    }

    @Test
    void aTaskThatLosesItsActorFailsTheJobAndIsAwaited() {
        start(spec().service("index"));
        tell(new JobCommand.TaskLost("t"), new JobCommand.TaskLost("t"));
        assertThat(job.failure().orElseThrow().message()).contains("actor died");
        assertThat(job.laterFailures()).isEmpty();
        assertThat(outstanding())
                .contains(new JobEffect.CancelTask("t"))
                .doesNotContain(new JobEffect.StopService("index"));
        tell(closed("t"), stopped("index"), cleaned("index"));
        assertThat(job.state()).isEqualTo(JobState.FAILED);
        assertThat(job.lines()).allMatch(line -> line.outcome() == Outcome.RELEASED);
    }

    @Test
    void aServiceThatLosesItsActorFailsTheJobAndItsCleanUpIsAwaited() {
        start(spec().service("index"));
        tell(new JobCommand.ServiceLost("index"), new JobCommand.ServiceLost("index"), closed("t"));
        assertThat(job.laterFailures()).isEmpty();
        assertThat(job.state()).isEqualTo(JobState.CLEANING);
        tell(cleaned("index"));
        assertThat(job.state()).isEqualTo(JobState.FAILED);
        assertThat(job.lines()).allMatch(line -> line.outcome() == Outcome.RELEASED);
    }

    @Test
    void aServiceThatLosesItsActorWhileItIsHandedOverIsAwaitedUntilItIsCleanedUp() {
        start(spec().service("index").keep("index"));
        tell(new JobCommand.TaskEnded("t"), closed("t"));
        assertThat(outstanding()).contains(new JobEffect.KeepService("index"));
        tell(new JobCommand.ServiceLost("index"));
        assertThat(job.state()).isEqualTo(JobState.CLEANING);
        Job lost = job;
        tell(cleaned("index"));
        assertThat(job.state()).isEqualTo(JobState.COMPLETED);
        assertThat(job.lines())
                .filteredOn(line -> line.name().equals("index"))
                .singleElement()
                .satisfies(line -> assertThat(line.outcome()).isEqualTo(Outcome.RELEASED));
        assertThat(job.laterFailures())
                .singleElement()
                .satisfies(failure -> assertThat(failure.message()).contains("actor died"));
        job = lost;
        tell(new JobCommand.PhaseTimedOut(Step.RECORD_OUTCOME));
        assertThat(job.state()).isEqualTo(JobState.COMPLETED);
        assertThat(job.lines())
                .filteredOn(line -> line.name().equals("index"))
                .singleElement()
                .satisfies(line -> assertThat(line.outcome()).isEqualTo(Outcome.FAILED));
    }

    @Test
    void anActorThatIsGoneBeforeItsServiceIsKnownToBeHandedOverMayHaveDiedForItsNextOwner() {
        start(spec().service("index").keep("index"));
        tell(new JobCommand.TaskEnded("t"), closed("t"), new JobCommand.ServiceTerminated("index"));
        assertThat(job.state()).isEqualTo(JobState.CLEANING);
        tell(new JobCommand.ServiceKept("index"));
        assertThat(job.state()).isEqualTo(JobState.COMPLETED);
        assertThat(job.laterFailures()).isEmpty();
    }

    @Test
    void whatIsOutsideOfTheJvmIsReleasedLastAndInOrder() {
        start(outside());
        tell(new JobCommand.TaskEnded("t"), closed("t"));
        assertThat(outstanding()).contains(new JobEffect.ReleaseOutside(Step.STOP_PROCESSES, 7, Set.of()));
        tell(new JobCommand.Released(7, List.of()));
        assertThat(outstanding()).contains(new JobEffect.ReleaseOutside(Step.RELEASE_RESOURCES, 8, Set.of()));
        assertThat(job.state()).isEqualTo(JobState.CLEANING);
        tell(new JobCommand.Released(8, List.of()));
        assertThat(job.state()).isEqualTo(JobState.COMPLETED);
    }

    @Test
    void anAnswerOfAnEarlierPhaseReleasesNothing() {
        start(outside());
        tell(new JobCommand.TaskEnded("t"), closed("t"), new JobCommand.Released(7, List.of()));
        tell(new JobCommand.Released(7, List.of()));
        assertThat(job.state()).isEqualTo(JobState.CLEANING);
    }

    @Test
    void whatWasNotReleasedInTimeIsNamedAndFailsTheJob() {
        start(outside());
        tell(new JobCommand.TaskEnded("t"), closed("t"), new JobCommand.PhaseTimedOut(Step.STOP_PROCESSES));
        tell(new JobCommand.Released(8, List.of()));
        assertThat(job.state()).isEqualTo(JobState.FAILED);
        assertThat(job.lines()).anySatisfy(line -> {
            assertThat(line.name()).isEqualTo("stop-processes");
            assertThat(line.outcome()).isEqualTo(Outcome.FAILED);
        });
    }

    @Test
    void aJobThatCanNeverRunFailsWithoutPhases() {
        queue(outside());
        tell(new JobCommand.Refuse("9 GPUs are asked for, and there are 8"));
        assertThat(job.state()).isEqualTo(JobState.FAILED);
        assertThat(job.failure())
                .hasValueSatisfying(failure -> assertThat(failure.message()).contains("9 GPUs"));
        assertThat(job.lines()).isEmpty();
    }

    private static JobSpecBuilder outside() {
        return spec().outside(Step.STOP_PROCESSES, Step.RELEASE_RESOURCES);
    }
}
