package dev.sage.runtime.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.api.CleanupReport.Outcome;
import dev.sage.api.JobFailure;
import dev.sage.api.JobState;
import dev.sage.runtime.core.job.ShutdownPhase.Step;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules of a job's life, one by one. */
class JobDecisionsTest {
    private static final JobFailure FAILURE = new JobFailure(
            JobFailure.Origin.SERVICE, "index", 0, OptionalLong.empty(), "cleanup", Optional.empty(), "thrown");

    private Job job;

    @Test
    void theLastTasksEndCompletesAnAutostopJobOnlyAfterItsServicesAreClean() {
        start(spec(true, Map.of("index", List.of()), Set.of()));
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
        start(spec(false, Map.of("index", List.of()), Set.of()));
        tell(new JobCommand.TaskEnded("t"), closed("t"));
        assertThat(job.state()).isEqualTo(JobState.IDLE);
        tell(new JobCommand.Stop("enough"), stopped("index"), cleaned("index"));
        assertThat(job.state()).isEqualTo(JobState.STOPPED);
        assertThat(job.reason()).isEqualTo("enough");
    }

    @Test
    void tasksCommitOnlyWhenAllHaveEnded() {
        start(new JobSpec(
                "j",
                true,
                List.of("a", "b"),
                Set.of("a"),
                Map.of(),
                Set.of(),
                Duration.ofSeconds(9),
                Duration.ofSeconds(1),
                phases(true)));
        tell(new JobCommand.TaskEnded("a"));
        assertThat(outstanding()).doesNotContain(new JobEffect.CommitTask("a"));
        tell(new JobCommand.TaskEnded("b"));
        assertThat(outstanding()).contains(new JobEffect.CommitTask("a"), new JobEffect.CommitTask("b"));
    }

    @Test
    void aFailureDuringTheCleanUpMakesAGoodOutcomeFailed() {
        start(spec(true, Map.of("index", List.of()), Set.of()));
        tell(new JobCommand.TaskEnded("t"), closed("t"), stopped("index"));
        tell(new JobCommand.ServiceCleaned("index", Optional.of(FAILURE)));
        assertThat(job.state()).isEqualTo(JobState.FAILED);
        assertThat(job.failure()).contains(FAILURE);
    }

    @Test
    void aFailureDuringTheCleanUpChangesNoBadOutcome() {
        start(spec(true, Map.of("index", List.of()), Set.of()));
        tell(new JobCommand.Cancel("enough"), closed("t"), stopped("index"));
        tell(new JobCommand.ServiceCleaned("index", Optional.of(FAILURE)));
        assertThat(job.state()).isEqualTo(JobState.CANCELLED);
        assertThat(job.failure()).isEmpty();
        assertThat(job.laterFailures()).containsExactly(FAILURE);
    }

    @Test
    void keptServicesGoTooWhenAnotherServicesCleanUpFails() {
        start(spec(true, Map.of("index", List.of(), "kept", List.of()), Set.of("kept")));
        tell(new JobCommand.TaskEnded("t"), closed("t"), stopped("index"));
        assertThat(outstanding()).doesNotContain(new JobEffect.StopService("kept"));
        tell(new JobCommand.ServiceCleaned("index", Optional.of(FAILURE)));
        assertThat(outstanding()).contains(new JobEffect.StopService("kept"));
        tell(stopped("kept"), cleaned("kept"));
        assertThat(job.state()).isEqualTo(JobState.FAILED);
    }

    @Test
    void servicesStartAfterThoseTheyDependOnAndStopBeforeThem() {
        Map<String, List<String>> services = new LinkedHashMap<>();
        services.put("a", List.of("b"));
        services.put("b", List.of());
        job = Job.queued(spec(true, services, Set.of()));
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
        start(spec(true, abc(), Set.of()));
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
        Map<String, List<String>> services = new LinkedHashMap<>();
        services.put("store", List.of());
        services.put("index", List.of("store"));
        start(spec(true, services, Set.of()));
        tell(new JobCommand.TaskEnded("t"), closed("t"));
        Set<JobEffect> first = timers();
        tell(new JobCommand.PhaseTimedOut(Step.STOP_SERVICES));
        assertThat(outstanding()).contains(new JobEffect.StopService("store"));
        assertThat(timers()).hasSize(1).doesNotContainAnyElementsOf(first);
        tell(new JobCommand.PhaseTimedOut(Step.STOP_SERVICES));
        first = timers();
        tell(new JobCommand.PhaseTimedOut(Step.CLEANUP_SERVICES));
        assertThat(outstanding()).contains(new JobEffect.CleanUpService("store"));
        assertThat(timers()).hasSize(1).doesNotContainAnyElementsOf(first);
    }

    private Set<JobEffect> timers() {
        return outstanding().stream()
                .filter(JobEffect.PhaseTimer.class::isInstance)
                .collect(Collectors.toSet());
    }

    @Test
    void cancelDuringStartingNeverEndsCompleted() {
        job = Job.queued(spec(true, Map.of("index", List.of()), Set.of()));
        tell(new JobCommand.Admit(), new JobCommand.Cancel("enough"), new JobCommand.ServiceRunning("index"));
        tell(stopped("index"), cleaned("index"));
        assertThat(job.state()).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void aCancelledQueuedJobHasNoPhases() {
        job = Job.queued(spec(true, Map.of(), Set.of()));
        tell(new JobCommand.Cancel("enough"));
        assertThat(job.state()).isEqualTo(JobState.CANCELLED);
        assertThat(job.phase()).isEmpty();
    }

    @Test
    void aDrainThatTakesTooLongFailsAndSaysThatRecordsWereLost() {
        start(spec(true, Map.of(), Set.of()));
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
        start(new JobSpec(
                "j",
                true,
                List.of("t"),
                Set.of("t"),
                Map.of("index", List.of()),
                Set.of(),
                Duration.ofSeconds(9),
                Duration.ofSeconds(1),
                phases(false)));
        tell(new JobCommand.Cancel("enough"), new JobCommand.PhaseTimedOut(Step.STOP_TASKS));
        assertThat(job.state()).isEqualTo(JobState.CANCELLED);
        assertThat(job.lines()).anySatisfy(line -> {
            assertThat(line.name()).isEqualTo("index");
            assertThat(line.reason()).contains("recover");
        });
    }

    @Test
    void aTaskThatLosesItsActorFailsTheJobAndIsAwaited() {
        start(spec(true, Map.of("index", List.of()), Set.of()));
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
        start(spec(true, Map.of("index", List.of()), Set.of()));
        tell(new JobCommand.ServiceLost("index"), new JobCommand.ServiceLost("index"), closed("t"));
        assertThat(job.laterFailures()).isEmpty();
        assertThat(job.state()).isEqualTo(JobState.CLEANING);
        tell(cleaned("index"));
        assertThat(job.state()).isEqualTo(JobState.FAILED);
        assertThat(job.lines()).allMatch(line -> line.outcome() == Outcome.RELEASED);
    }

    @Test
    void aServiceThatLosesItsActorWhileItIsHandedOverIsAwaitedUntilItIsCleanedUp() {
        start(spec(true, Map.of("index", List.of()), Set.of("index")));
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
        start(spec(true, Map.of("index", List.of()), Set.of("index")));
        tell(new JobCommand.TaskEnded("t"), closed("t"), new JobCommand.ServiceTerminated("index"));
        assertThat(job.state()).isEqualTo(JobState.CLEANING);
        tell(new JobCommand.ServiceKept("index"));
        assertThat(job.state()).isEqualTo(JobState.COMPLETED);
        assertThat(job.laterFailures()).isEmpty();
    }

    private static Map<String, List<String>> abc() {
        Map<String, List<String>> services = new LinkedHashMap<>();
        List.of("a", "b", "c").forEach(service -> services.put(service, List.of()));
        return services;
    }

    private void start(JobSpec spec) {
        job = Job.queued(spec);
        tell(new JobCommand.Admit());
        spec.services().keySet().forEach(service -> tell(new JobCommand.ServiceRunning(service)));
        spec.tasks().forEach(task -> tell(new JobCommand.TaskStarted(task)));
        assertThat(job.state()).isEqualTo(JobState.RUNNING);
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

    private static JobCommand stopped(String service) {
        return new JobCommand.ServiceStopped(service, Optional.empty());
    }

    private static JobCommand cleaned(String service) {
        return new JobCommand.ServiceCleaned(service, Optional.empty());
    }

    private static JobSpec spec(boolean autostop, Map<String, List<String>> services, Set<String> kept) {
        return new JobSpec(
                "j",
                autostop,
                List.of("t"),
                Set.of("t"),
                services,
                kept,
                Duration.ofSeconds(9),
                Duration.ofSeconds(1),
                phases(true));
    }

    private static List<ShutdownPhase> phases(boolean recover) {
        return Stream.of(Step.values())
                .map(step -> new ShutdownPhase(step, Duration.ofSeconds(10), recover))
                .toList();
    }
}
