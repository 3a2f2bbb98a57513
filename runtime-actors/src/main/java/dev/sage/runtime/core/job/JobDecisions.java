package dev.sage.runtime.core.job;

import dev.sage.api.CleanupReport;
import dev.sage.api.CleanupReport.Outcome;
import dev.sage.api.JobFailure;
import dev.sage.api.JobState;
import dev.sage.runtime.core.job.ShutdownPhase.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What follows from a command for a job: the events, each applied before the next is decided.
 *
 * <p>The rules of the outcome: it is settled when the job begins to end, by the first cause. A good one (COMPLETED,
 * STOPPED) is provisional until the terminal state: a failure of user code on the way there makes it FAILED. A bad one
 * is never changed; what goes wrong later is only recorded.
 */
public final class JobDecisions {
    private final long nowNs;
    private final List<JobEvent> events = new ArrayList<>();
    private Job job;

    private JobDecisions(Job job, long nowNs) {
        this.job = job;
        this.nowNs = nowNs;
    }

    /**
     * Decides on a command; one that comes too late changes nothing.
     *
     * @param nowNs the time, of any fixed origin, for the durations in the report
     */
    public static List<JobEvent> decide(Job job, JobCommand command, long nowNs) {
        if (job.state().isTerminal()) {
            return List.of();
        }
        JobDecisions decisions = new JobDecisions(job, nowNs);
        decisions.on(command);
        decisions.advance();
        return decisions.events;
    }

    private void on(JobCommand command) {
        if (command instanceof JobCommand.Admit) {
            moveIfPossible(JobTrigger.ADMIT, "its turn has come");
        } else if (command instanceof JobCommand.Pause) {
            moveIfPossible(JobTrigger.PAUSE, "paused on request");
        } else if (command instanceof JobCommand.Resume) {
            moveIfPossible(JobTrigger.RESUME, "resumed on request");
        } else if (command instanceof JobCommand.Stop stop) {
            end(JobState.STOPPED, stop.reason(), true);
        } else if (command instanceof JobCommand.Cancel cancel) {
            cancel(cancel.reason());
        } else if (command instanceof JobCommand.DeadlinePassed) {
            end(JobState.TIMED_OUT, "its deadline passed", false);
        } else if (command instanceof JobCommand.StartTimedOut) {
            startTimedOut();
        } else if (command instanceof JobCommand.PhaseTimedOut timedOut) {
            phaseTimedOut(timedOut.step());
        } else if (command instanceof JobCommand.InterruptDue) {
            apply(new JobEvent.InterruptsDue());
        } else {
            onMember(command);
        }
    }

    private void onMember(JobCommand command) {
        if (command instanceof JobCommand.TaskStarted started) {
            changeTask(started.task(), TaskStatus.STARTING, TaskStatus.RUNNING);
        } else if (command instanceof JobCommand.TaskEnded ended) {
            changeTask(ended.task(), TaskStatus.STARTING, TaskStatus.ENDED);
            changeTask(ended.task(), TaskStatus.RUNNING, TaskStatus.ENDED);
        } else if (command instanceof JobCommand.TaskFailed failed) {
            if (!job.task(failed.task()).isGone()) {
                fail(failed.failure());
            }
        } else if (command instanceof JobCommand.TaskClosed closed) {
            taskClosed(closed.task(), closed.failure());
        } else if (command instanceof JobCommand.TaskLost lost) {
            taskLost(lost.task());
        } else if (command instanceof JobCommand.ServiceRunning running) {
            changeService(running.service(), ServiceStatus.STARTING, ServiceStatus.RUNNING);
        } else if (command instanceof JobCommand.ServiceFailed failed) {
            if (!job.service(failed.service()).isSettled()) {
                changeService(failed.service(), ServiceStatus.STARTING, ServiceStatus.STOPPED);
                fail(failed.failure());
            }
        } else if (command instanceof JobCommand.ServiceStopped stopped) {
            if (changeService(stopped.service(), ServiceStatus.STOPPING, ServiceStatus.STOPPED)) {
                stopped.failure().ifPresent(this::fail);
            }
        } else if (command instanceof JobCommand.ServiceHeld held) {
            serviceHeld(held.service(), held.step(), held.failure());
        } else if (command instanceof JobCommand.ServiceCleaned cleaned) {
            serviceCleaned(cleaned.service(), cleaned.failure());
        } else if (command instanceof JobCommand.ServiceKept kept) {
            if (changeService(kept.service(), ServiceStatus.KEEPING, ServiceStatus.KEPT)) {
                report(
                        "service",
                        kept.service(),
                        Outcome.KEPT,
                        "keepServices; end it by its name or close the environment");
            }
        } else if (command instanceof JobCommand.ServiceLost lost) {
            serviceLost(lost.service());
        } else if (command instanceof JobCommand.ServiceTerminated terminated
                // Else its next owner may own it already, and sees to its end; what it told this one is on its way.
                && job.service(terminated.service()) != ServiceStatus.KEEPING) {
            serviceLost(terminated.service());
        }
    }

    private void cancel(String reason) {
        if (job.isDraining()) {
            apply(new JobEvent.DrainAbandoned());
        }
        end(JobState.CANCELLED, reason, false);
    }

    private void startTimedOut() {
        if (job.state() == JobState.STARTING) {
            fail(runtimeFailure(
                    job.spec().id(),
                    "services " + servicesThat(status -> status != ServiceStatus.RUNNING)
                            + " and tasks "
                            + tasksThat(status -> status == TaskStatus.WAITING || status == TaskStatus.STARTING)
                            + " did not start within " + job.spec().startTimeout() + " (sage.job.start-timeout)"));
        }
    }

    private void taskClosed(String task, Optional<JobFailure> failure) {
        if (job.task(task).isGone()) {
            return;
        }
        boolean expected = job.task(task) == TaskStatus.COMMITTING || job.task(task) == TaskStatus.CANCELLING;
        apply(new JobEvent.TaskChanged(task, TaskStatus.GONE));
        if (failure.isPresent()) {
            report("task", task, Outcome.FAILED, failure.get().describe());
            fail(failure.get());
        } else if (!expected) {
            report("task", task, Outcome.RELEASED, "");
            fail(runtimeFailure(task, "the task closed without having been told to"));
        } else {
            report("task", task, Outcome.RELEASED, "");
        }
    }

    /** What it did goes on without its actor, until it is closed. */
    private void taskLost(String task) {
        TaskStatus status = job.task(task);
        if (status != TaskStatus.WAITING && status != TaskStatus.CANCELLING && !status.isGone()) {
            apply(new JobEvent.TaskChanged(task, TaskStatus.CANCELLING));
            fail(runtimeFailure(task, "the task's actor died"));
        }
    }

    private void serviceCleaned(String service, Optional<JobFailure> failure) {
        if (changeService(service, ServiceStatus.CLEANING, ServiceStatus.GONE)
                || changeService(service, ServiceStatus.HELD, ServiceStatus.GONE)) {
            if (failure.isPresent()) {
                report("service", service, Outcome.FAILED, failure.get().describe());
                fail(failure.get());
            } else {
                report("service", service, Outcome.RELEASED, "");
            }
        }
    }

    /** One whose cleanup failed need not be waited for: it is not released in any case. */
    private void serviceHeld(String service, String step, Optional<JobFailure> failure) {
        if (job.service(service) != ServiceStatus.CLEANING) {
            return;
        }
        if (failure.isPresent()) {
            apply(new JobEvent.ServiceChanged(service, ServiceStatus.ABANDONED));
            report("service", service, Outcome.FAILED, failure.get().describe() + "; " + leftBehind(step));
            fail(failure.get());
        } else {
            apply(new JobEvent.ServiceHeld(service, step));
        }
    }

    private static String leftBehind(String step) {
        return "its " + step + " has not returned, and its thread was left behind";
    }

    /** Its end goes on without its actor, until it is cleaned up; also when it was to be kept. */
    private void serviceLost(String service) {
        ServiceStatus status = job.service(service);
        if (status != ServiceStatus.WAITING && status != ServiceStatus.CLEANING && !status.isPastCleanUp()) {
            apply(new JobEvent.ServiceChanged(service, ServiceStatus.CLEANING));
            fail(serviceFailure(service, "run", "the service's actor died"));
        }
    }

    /** The first cause settles the outcome; a later one changes nothing. */
    private void end(JobState outcome, String reason, boolean drain) {
        if (job.outcome().isPresent()) {
            return;
        }
        if (job.state() == JobState.QUEUED) {
            move(outcome == JobState.TIMED_OUT ? JobTrigger.EXPIRE : JobTrigger.WITHDRAW, reason);
            return;
        }
        apply(new JobEvent.OutcomeSettled(outcome, reason, drain));
        move(JobTrigger.END, reason);
    }

    private void fail(JobFailure failure) {
        Optional<JobState> outcome = job.outcome();
        // Final as well once services are being handed over: those already kept cannot be taken back.
        boolean handingOver =
                job.phase().filter(phase -> phase.step() == Step.RECORD_OUTCOME).isPresent();
        boolean good = !handingOver
                && outcome.filter(o -> o == JobState.COMPLETED || o == JobState.STOPPED)
                        .isPresent();
        boolean decisive = outcome.isEmpty() || good;
        apply(new JobEvent.FailureRecorded(failure, decisive));
        if (outcome.isEmpty()) {
            end(JobState.FAILED, failure.describe(), false);
        } else if (good) {
            apply(new JobEvent.OutcomeSettled(JobState.FAILED, failure.describe(), false));
        }
        if (job.phaseIndex() >= 0) {
            apply(new JobEvent.PhaseTroubled());
        }
    }

    /** Goes on as far as the present state allows. */
    private void advance() {
        boolean moved = true;
        while (moved) {
            moved = switch (job.state()) {
                case STARTING -> advanceStart();
                case RUNNING, PAUSED -> advanceRun();
                case STOPPING, CLEANING -> advanceShutdown();
                default -> false;
            };
        }
    }

    private boolean advanceStart() {
        for (String service : servicesThat(status -> status == ServiceStatus.WAITING)) {
            List<String> needed = job.spec().services().getOrDefault(service, List.of());
            if (needed.stream().allMatch(other -> job.service(other) == ServiceStatus.RUNNING)) {
                apply(new JobEvent.ServiceChanged(service, ServiceStatus.STARTING));
            }
        }
        if (!job.allServices(status -> status == ServiceStatus.RUNNING)) {
            return false;
        }
        changeTasks(status -> status == TaskStatus.WAITING, TaskStatus.STARTING);
        if (job.allTasks(status -> status != TaskStatus.STARTING)) {
            move(JobTrigger.STARTED, "all services and tasks run");
            return true;
        }
        return false;
    }

    private boolean advanceRun() {
        commitWhenAllEnded();
        if (!job.allTasks(TaskStatus::isGone)) {
            return false;
        }
        if (job.spec().autostop()) {
            end(JobState.COMPLETED, "the last task has ended", false);
        } else {
            move(JobTrigger.GO_IDLE, "the last task has ended; the services can be called until the job is stopped");
        }
        return true;
    }

    private void commitWhenAllEnded() {
        if (job.allTasks(status -> status == TaskStatus.ENDED)) {
            job.tasks().keySet().forEach(task -> apply(new JobEvent.TaskChanged(task, TaskStatus.COMMITTING)));
        }
    }

    private boolean advanceShutdown() {
        Optional<ShutdownPhase> current = job.phase();
        if (current.isEmpty()) {
            enter(0);
            return true;
        }
        if (!isDone(current.get().step())) {
            return false;
        }
        if (job.isPhaseTroubled() && !current.get().recover() && current.get().step() != Step.RECORD_OUTCOME) {
            skipToEnd(current.get());
            return true;
        }
        int next = job.phaseIndex() + 1;
        if (next == job.spec().phases().size()) {
            return finish();
        }
        enter(next);
        return true;
    }

    /** A failure on the way may have made services go that were to be kept: then their phases run once more. */
    private boolean finish() {
        if (!job.allServices(ServiceStatus::isSettled)) {
            enter(indexOf(Step.STOP_SERVICES));
            return true;
        }
        JobState outcome = job.outcome().orElseThrow();
        move(JobTrigger.TASKS_GONE, job.outcomeReason(), job.state() == JobState.STOPPING);
        move(JobTransitions.cleaned(outcome), job.outcomeReason());
        return false;
    }

    private void enter(int index) {
        Step step = job.spec().phases().get(index).step();
        if (job.state() == JobState.STOPPING
                && step.compareTo(Step.STOP_TASKS) > 0
                && job.allTasks(TaskStatus::isGone)) {
            move(JobTrigger.TASKS_GONE, "no task is left");
        }
        apply(new JobEvent.PhaseEntered(index, nowNs));
    }

    /** Brings the members of a phase on their way, and says whether none is left. */
    private boolean isDone(Step step) {
        return switch (step) {
            case STOP_SOURCES -> {
                changeTasks(status -> status == TaskStatus.WAITING, TaskStatus.GONE);
                yield true;
            }
            case DRAIN_TASKS -> {
                if (job.isDraining()) {
                    commitWhenAllEnded();
                }
                yield !job.isDraining() || job.allTasks(TaskStatus::isGone);
            }
            case STOP_TASKS -> {
                changeTasks(status -> status != TaskStatus.CANCELLING && !status.isGone(), TaskStatus.CANCELLING);
                yield job.allTasks(TaskStatus::isGone);
            }
            case STOP_SERVICES -> {
                servicesThat(status -> status == ServiceStatus.RUNNING || status == ServiceStatus.STARTING).stream()
                        .filter(service -> !job.keeps(service) && dependents(service, ServiceStatus::isPastStop))
                        .forEach(service -> apply(new JobEvent.ServiceChanged(service, ServiceStatus.STOPPING)));
                yield goingServices().allMatch(service -> job.service(service).isPastStop());
            }
            case CLEANUP_SERVICES -> {
                servicesThat(status -> status == ServiceStatus.WAITING)
                        .forEach(service -> apply(new JobEvent.ServiceChanged(service, ServiceStatus.GONE)));
                servicesThat(status -> status == ServiceStatus.STOPPED).stream()
                        .filter(service -> dependents(service, ServiceStatus::isPastCleanUp))
                        .forEach(service -> apply(new JobEvent.ServiceChanged(service, ServiceStatus.CLEANING)));
                // One that still runs was to be kept until a clean-up failed just now; its phases come again.
                yield goingServices()
                        .map(job::service)
                        .allMatch(status -> status.isSettled() || status == ServiceStatus.RUNNING);
            }
            case RECORD_OUTCOME -> {
                servicesThat(status -> status == ServiceStatus.RUNNING).stream()
                        .filter(job::keeps)
                        .forEach(service -> apply(new JobEvent.ServiceChanged(service, ServiceStatus.KEEPING)));
                yield job.allServices(status -> status != ServiceStatus.KEEPING && !status.isBeingCleaned());
            }
            case RELEASE_RAY_ACTORS, STOP_PROCESSES, RELEASE_RESOURCES -> true;
        };
    }

    private Stream<String> goingServices() {
        return job.spec().services().keySet().stream().filter(service -> !job.keeps(service));
    }

    private boolean dependents(String service, Predicate<ServiceStatus> test) {
        return job.spec().dependents(service).stream().allMatch(dependent -> test.test(job.service(dependent)));
    }

    private void phaseTimedOut(Step step) {
        if (job.phase().filter(phase -> phase.step() == step).isEmpty()) {
            return;
        }
        Duration timeout = job.phase().orElseThrow().timeout();
        String late = "did not return within " + timeout + " (phase " + step.key() + ")";
        switch (step) {
            case DRAIN_TASKS -> {
                fail(runtimeFailure(
                        job.spec().id(),
                        "tasks " + tasksThat(status -> !status.isGone()) + " were not drained within " + timeout
                                + "; what was on its way is lost"));
                if (job.isDraining()) {
                    apply(new JobEvent.DrainAbandoned());
                }
            }
            case STOP_TASKS ->
                tasksThat(status -> !status.isGone()).forEach(task -> {
                    apply(new JobEvent.TaskChanged(task, TaskStatus.ABANDONED));
                    report("task", task, Outcome.FAILED, "its code " + late + "; its thread was left behind");
                    fail(runtimeFailure(task, "user code " + late));
                });
            case STOP_SERVICES ->
                servicesThat(status -> status == ServiceStatus.STOPPING).forEach(service -> {
                    apply(new JobEvent.ServiceChanged(service, ServiceStatus.STOPPED));
                    fail(serviceFailure(service, "stop", "stop, or the start or a call before it, " + late));
                });
            case CLEANUP_SERVICES -> cleanUpTimedOut(late);
            case RECORD_OUTCOME -> {
                cleanUpTimedOut(late);
                servicesThat(status -> status == ServiceStatus.KEEPING).forEach(service -> {
                    apply(new JobEvent.ServiceChanged(service, ServiceStatus.ABANDONED));
                    report("service", service, Outcome.FAILED, "could not be handed over within " + timeout);
                });
            }
            default -> {}
        }
        // A service whose turn comes only now, as those that depend on it were waited for, is bounded as they were.
        apply(new JobEvent.PhaseProlonged());
    }

    private void cleanUpTimedOut(String late) {
        servicesThat(status -> status == ServiceStatus.CLEANING).forEach(service -> {
            apply(new JobEvent.ServiceChanged(service, ServiceStatus.ABANDONED));
            report("service", service, Outcome.FAILED, "cleanup " + late);
            fail(serviceFailure(service, "cleanup", "cleanup " + late));
        });
        // That it hangs was told as a failure when its start or stop was late.
        servicesThat(status -> status == ServiceStatus.HELD).forEach(service -> {
            apply(new JobEvent.ServiceChanged(service, ServiceStatus.ABANDONED));
            report("service", service, Outcome.FAILED, "it was cleaned up, but " + leftBehind(job.heldBy(service)));
            apply(new JobEvent.PhaseTroubled());
        });
    }

    /** {@code recover = off}: what the skipped phases would have released is named. */
    private void skipToEnd(ShutdownPhase failed) {
        String reason = "not released, because phase " + failed.name() + " failed and its recover is off";
        tasksThat(status -> !status.isGone()).forEach(task -> {
            apply(new JobEvent.TaskChanged(task, TaskStatus.ABANDONED));
            report("task", task, Outcome.FAILED, reason);
        });
        servicesThat(status -> !status.isSettled()).forEach(service -> {
            apply(new JobEvent.ServiceChanged(service, ServiceStatus.ABANDONED));
            report("service", service, Outcome.FAILED, reason);
        });
        enter(indexOf(Step.RECORD_OUTCOME));
    }

    private int indexOf(Step step) {
        for (int i = 0; i < job.spec().phases().size(); i++) {
            if (job.spec().phases().get(i).step() == step) {
                return i;
            }
        }
        throw new IllegalStateException("No phase " + step + ".");
    }

    private void changeTasks(Predicate<TaskStatus> from, TaskStatus to) {
        tasksThat(from).forEach(task -> apply(new JobEvent.TaskChanged(task, to)));
    }

    private void changeTask(String task, TaskStatus from, TaskStatus to) {
        if (job.task(task) == from) {
            apply(new JobEvent.TaskChanged(task, to));
        }
    }

    private boolean changeService(String service, ServiceStatus from, ServiceStatus to) {
        if (job.service(service) != from) {
            return false;
        }
        apply(new JobEvent.ServiceChanged(service, to));
        return true;
    }

    private void moveIfPossible(JobTrigger trigger, String reason) {
        move(trigger, reason, JobTransitions.TABLE.next(job.state(), trigger).isPresent());
    }

    private void move(JobTrigger trigger, String reason, boolean condition) {
        if (condition) {
            move(trigger, reason);
        }
    }

    private void move(JobTrigger trigger, String reason) {
        JobState to = JobTransitions.TABLE.require(job.state(), trigger);
        apply(new JobEvent.StateChanged(job.state(), trigger, to, reason));
    }

    private void report(String kind, String name, Outcome outcome, String reason) {
        String step = job.phase().map(ShutdownPhase::name).orElse("end-of-stream");
        Duration duration = job.phase().isPresent() ? Duration.ofNanos(nowNs - job.phaseSinceNs()) : Duration.ZERO;
        apply(new JobEvent.Reported(new CleanupReport.Line(kind, name, step, outcome, reason, duration)));
    }

    private void apply(JobEvent event) {
        events.add(event);
        job = job.evolve(event);
    }

    private List<String> tasksThat(Predicate<TaskStatus> test) {
        return names(job.tasks(), test);
    }

    private List<String> servicesThat(Predicate<ServiceStatus> test) {
        return names(job.services(), test);
    }

    private static <V> List<String> names(Map<String, V> statuses, Predicate<V> test) {
        return statuses.entrySet().stream()
                .filter(entry -> test.test(entry.getValue()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toList());
    }

    private static JobFailure runtimeFailure(String name, String message) {
        return new JobFailure(
                JobFailure.Origin.RUNTIME, name, 0, OptionalLong.empty(), "run", Optional.empty(), message);
    }

    private static JobFailure serviceFailure(String service, String step, String message) {
        return new JobFailure(
                JobFailure.Origin.SERVICE, service, 0, OptionalLong.empty(), step, Optional.empty(), message);
    }
}
