package dev.sage.runtime.core.job;

import dev.sage.api.CleanupReport;
import dev.sage.api.CleanupReport.Outcome;
import dev.sage.api.JobState;
import dev.sage.runtime.core.job.ShutdownPhase.Step;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** How a job goes through the phases of its shutdown: whom each one tells to end, when it is over, and what is late. */
final class PhaseDecisions {
    private final JobDraft draft;

    PhaseDecisions(JobDraft draft) {
        this.draft = draft;
    }

    /** False when the phase that has been reached is not over. */
    boolean advance() {
        Optional<ShutdownPhase> current = draft.job().phase();
        if (current.isEmpty()) {
            enter(0);
            return true;
        }
        if (!isDone(current.get().step())) {
            return false;
        }
        if (draft.job().isPhaseTroubled()
                && !current.get().recover()
                && current.get().step() != Step.RECORD_OUTCOME) {
            skipToEnd(current.get());
            return true;
        }
        int next = draft.job().phaseIndex() + 1;
        if (next == draft.job().spec().phases().size()) {
            return finish();
        }
        enter(next);
        return true;
    }

    /** What the phase of this entry was to release outside of the JVM is gone, or named. */
    void released(int entry, List<CleanupReport.Line> lines) {
        if (!draft.job().isReleasing() || entry != draft.job().phasesEntered()) {
            return;
        }
        draft.apply(new JobEvent.ReleaseAnswered());
        lines.forEach(line -> draft.apply(new JobEvent.Reported(line)));
        lines.stream()
                .filter(line -> line.outcome() == Outcome.FAILED)
                .forEach(line -> draft.fail(
                        JobDraft.runtimeFailure(line.name(), line.kind() + " was not released: " + line.reason())));
    }

    void timedOut(Step step) {
        if (draft.job().phase().filter(phase -> phase.step() == step).isEmpty()) {
            return;
        }
        Duration timeout = draft.job().phaseTimeout();
        String late = "did not return within " + timeout + " (phase " + step.key() + ")";
        switch (step) {
            // The failure ends the drain: only a good outcome has one.
            case DRAIN_TASKS ->
                draft.fail(JobDraft.runtimeFailure(
                        draft.job().spec().id(),
                        "tasks " + draft.tasksThat(status -> !status.isGone()) + " were not drained within " + timeout
                                + "; what was on its way is lost"));
            case STOP_TASKS ->
                draft.tasksThat(status -> !status.isGone()).forEach(task -> {
                    draft.apply(new JobEvent.TaskChanged(task, TaskStatus.ABANDONED));
                    draft.report("task", task, Outcome.FAILED, "its code " + late + "; its thread was left behind");
                    draft.fail(JobDraft.runtimeFailure(task, "user code " + late));
                });
            case STOP_SERVICES ->
                draft.servicesThat(status -> status == ServiceStatus.STOPPING).forEach(service -> {
                    draft.apply(new JobEvent.ServiceChanged(service, ServiceStatus.STOPPED));
                    draft.fail(JobDraft.serviceFailure(
                            service, "stop", "stop, or the start or a call before it, " + late));
                });
            case CLEANUP_SERVICES -> cleanUpTimedOut(late);
            case RECORD_OUTCOME -> {
                cleanUpTimedOut(late);
                draft.servicesThat(status -> status == ServiceStatus.KEEPING).forEach(service -> {
                    draft.apply(new JobEvent.ServiceChanged(service, ServiceStatus.ABANDONED));
                    draft.report("service", service, Outcome.FAILED, "could not be handed over within " + timeout);
                });
            }
            case RELEASE_RAY_ACTORS, STOP_PROCESSES, RELEASE_RESOURCES -> {
                if (draft.job().isReleasing()) {
                    draft.apply(new JobEvent.ReleaseAnswered());
                    draft.report("phase", step.key(), Outcome.FAILED, "what it releases outside of the JVM " + late);
                    draft.fail(JobDraft.runtimeFailure(draft.job().spec().id(), "phase " + step.key() + " " + late));
                }
            }
            default -> {}
        }
        // A service whose turn comes only now, as those that depend on it were waited for, is bounded as they were.
        draft.apply(new JobEvent.PhaseProlonged());
    }

    /** Services that were to be kept may have gone, by a failure on the way or by themselves: then phases run once more. */
    private boolean finish() {
        if (!draft.job().allServices(ServiceStatus::isSettled)) {
            enter(indexOf(Step.STOP_SERVICES));
            return true;
        }
        if (draft.job().hasEndedSinceSpared()) {
            enter(draft.job().spec().outside().stream()
                    .mapToInt(this::indexOf)
                    .min()
                    .orElseThrow());
            return true;
        }
        JobState outcome = draft.job().outcome().orElseThrow();
        draft.move(
                JobTrigger.TASKS_GONE, draft.job().outcomeReason(), draft.job().state() == JobState.STOPPING);
        draft.move(JobTransitions.cleaned(outcome), draft.job().outcomeReason());
        return false;
    }

    private void enter(int index) {
        Step step = draft.job().spec().phases().get(index).step();
        if (draft.job().state() == JobState.STOPPING
                && step.compareTo(Step.STOP_TASKS) > 0
                && draft.job().allTasks(TaskStatus::isGone)) {
            draft.move(JobTrigger.TASKS_GONE, "no task is left");
        }
        draft.apply(new JobEvent.PhaseEntered(index, draft.nowNs()));
    }

    /** Brings the members of a phase on their way, and says whether none is left. */
    private boolean isDone(Step step) {
        return switch (step) {
            case STOP_SOURCES -> {
                draft.changeTasks(status -> status == TaskStatus.WAITING, TaskStatus.GONE);
                yield true;
            }
            case DRAIN_TASKS -> {
                if (draft.job().isDraining()) {
                    draft.commitWhenAllEnded();
                }
                yield !draft.job().isDraining() || draft.job().allTasks(TaskStatus::isGone);
            }
            case STOP_TASKS -> {
                draft.changeTasks(status -> status != TaskStatus.CANCELLING && !status.isGone(), TaskStatus.CANCELLING);
                yield draft.job().allTasks(TaskStatus::isGone);
            }
            case STOP_SERVICES -> {
                draft
                        .servicesThat(status -> status == ServiceStatus.RUNNING || status == ServiceStatus.STARTING)
                        .stream()
                        .filter(service ->
                                !draft.job().keeps(service) && dependents(service, ServiceStatus::isPastStop))
                        .forEach(service -> draft.apply(new JobEvent.ServiceChanged(service, ServiceStatus.STOPPING)));
                yield goingServices()
                        .allMatch(service -> draft.job().service(service).isPastStop());
            }
            case CLEANUP_SERVICES -> {
                draft.servicesThat(status -> status == ServiceStatus.WAITING)
                        .forEach(service -> draft.apply(new JobEvent.ServiceChanged(service, ServiceStatus.GONE)));
                draft.servicesThat(status -> status == ServiceStatus.STOPPED).stream()
                        .filter(service -> dependents(service, ServiceStatus::isPastCleanUp))
                        .forEach(service -> draft.apply(new JobEvent.ServiceChanged(service, ServiceStatus.CLEANING)));
                // One that still runs was to be kept until a clean-up failed just now; its phases come again.
                yield goingServices()
                        .map(draft.job()::service)
                        .allMatch(status -> status.isSettled() || status == ServiceStatus.RUNNING);
            }
            case RECORD_OUTCOME -> {
                draft.servicesThat(status -> status == ServiceStatus.RUNNING).stream()
                        .filter(draft.job()::keeps)
                        .forEach(service -> draft.apply(new JobEvent.ServiceChanged(service, ServiceStatus.KEEPING)));
                yield draft.job().allServices(status -> status != ServiceStatus.KEEPING && !status.isBeingCleaned());
            }
            case RELEASE_RAY_ACTORS, STOP_PROCESSES, RELEASE_RESOURCES ->
                !draft.job().isReleasing();
        };
    }

    private Stream<String> goingServices() {
        return draft.job().spec().services().keySet().stream()
                .filter(service -> !draft.job().keeps(service));
    }

    private boolean dependents(String service, Predicate<ServiceStatus> test) {
        return draft.job().spec().dependents(service).stream()
                .allMatch(dependent -> test.test(draft.job().service(dependent)));
    }

    private void cleanUpTimedOut(String late) {
        draft.servicesThat(status -> status == ServiceStatus.CLEANING).forEach(service -> {
            draft.apply(new JobEvent.ServiceChanged(service, ServiceStatus.ABANDONED));
            draft.report("service", service, Outcome.FAILED, "cleanup " + late);
            draft.fail(JobDraft.serviceFailure(service, "cleanup", "cleanup " + late));
        });
        // That it hangs was told as a failure when its start or stop was late.
        draft.servicesThat(status -> status == ServiceStatus.HELD).forEach(service -> {
            draft.apply(new JobEvent.ServiceChanged(service, ServiceStatus.ABANDONED));
            draft.report(
                    "service",
                    service,
                    Outcome.FAILED,
                    "it was cleaned up, but " + JobDraft.leftBehind(draft.job().heldBy(service)));
            draft.apply(new JobEvent.PhaseTroubled());
        });
    }

    /** {@code recover = off}: what the skipped phases would have released is named. */
    private void skipToEnd(ShutdownPhase failed) {
        String reason = "not released, because phase " + failed.name() + " failed and its recover is off";
        draft.tasksThat(status -> !status.isGone()).forEach(task -> {
            draft.apply(new JobEvent.TaskChanged(task, TaskStatus.ABANDONED));
            draft.report("task", task, Outcome.FAILED, reason);
        });
        draft.servicesThat(status -> !status.isSettled()).forEach(service -> {
            draft.apply(new JobEvent.ServiceChanged(service, ServiceStatus.ABANDONED));
            draft.report("service", service, Outcome.FAILED, reason);
        });
        int reached = draft.job().phaseIndex();
        draft.job().spec().outside().stream()
                .filter(step -> indexOf(step) > reached)
                .sorted()
                .forEach(step -> draft.report("phase", step.key(), Outcome.FAILED, reason));
        enter(indexOf(Step.RECORD_OUTCOME));
    }

    private int indexOf(Step step) {
        for (int i = 0; i < draft.job().spec().phases().size(); i++) {
            if (draft.job().spec().phases().get(i).step() == step) {
                return i;
            }
        }
        throw new IllegalStateException("No phase " + step + ".");
    }
}
