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

/** A job while a command for it is decided on: what has followed so far, each event applied before the next is decided. */
final class JobDraft {
    private final long nowNs;
    private final List<JobEvent> events = new ArrayList<>();
    private Job job;

    JobDraft(Job job, long nowNs) {
        this.job = job;
        this.nowNs = nowNs;
    }

    /** The job after the events so far. */
    Job job() {
        return job;
    }

    long nowNs() {
        return nowNs;
    }

    List<JobEvent> events() {
        return events;
    }

    /** The first cause settles the outcome; a later one changes nothing. */
    void end(JobState outcome, String reason, boolean drain) {
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

    void fail(JobFailure failure) {
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

    void commitWhenAllEnded() {
        if (job.allTasks(status -> status == TaskStatus.ENDED)) {
            job.tasks().keySet().forEach(task -> apply(new JobEvent.TaskChanged(task, TaskStatus.COMMITTING)));
        }
    }

    void changeTasks(Predicate<TaskStatus> from, TaskStatus to) {
        tasksThat(from).forEach(task -> apply(new JobEvent.TaskChanged(task, to)));
    }

    void changeTask(String task, TaskStatus from, TaskStatus to) {
        if (job.task(task) == from) {
            apply(new JobEvent.TaskChanged(task, to));
        }
    }

    boolean changeService(String service, ServiceStatus from, ServiceStatus to) {
        if (job.service(service) != from) {
            return false;
        }
        apply(new JobEvent.ServiceChanged(service, to));
        return true;
    }

    void moveIfPossible(JobTrigger trigger, String reason) {
        move(trigger, reason, JobTransitions.TABLE.next(job.state(), trigger).isPresent());
    }

    void move(JobTrigger trigger, String reason, boolean condition) {
        if (condition) {
            move(trigger, reason);
        }
    }

    void move(JobTrigger trigger, String reason) {
        JobState to = JobTransitions.TABLE.require(job.state(), trigger);
        apply(new JobEvent.StateChanged(job.state(), trigger, to, reason));
    }

    void report(String kind, String name, Outcome outcome, String reason) {
        String step = job.phase().map(ShutdownPhase::name).orElse("end-of-stream");
        Duration duration = job.phase().isPresent() ? Duration.ofNanos(nowNs - job.phaseSinceNs()) : Duration.ZERO;
        apply(new JobEvent.Reported(new CleanupReport.Line(kind, name, step, outcome, reason, duration)));
    }

    void apply(JobEvent event) {
        events.add(event);
        job = job.evolve(event);
    }

    List<String> tasksThat(Predicate<TaskStatus> test) {
        return names(job.tasks(), test);
    }

    List<String> servicesThat(Predicate<ServiceStatus> test) {
        return names(job.services(), test);
    }

    private static <V> List<String> names(Map<String, V> statuses, Predicate<V> test) {
        return statuses.entrySet().stream()
                .filter(entry -> test.test(entry.getValue()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toList());
    }

    static JobFailure runtimeFailure(String name, String message) {
        return new JobFailure(
                JobFailure.Origin.RUNTIME, name, 0, OptionalLong.empty(), "run", Optional.empty(), message);
    }

    static JobFailure serviceFailure(String service, String step, String message) {
        return new JobFailure(
                JobFailure.Origin.SERVICE, service, 0, OptionalLong.empty(), step, Optional.empty(), message);
    }

    static String leftBehind(String step) {
        return "its " + step + " has not returned, and its thread was left behind";
    }
}
