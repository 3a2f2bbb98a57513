package dev.sage.runtime.core.job;

import dev.sage.api.JobState;
import java.util.List;

/**
 * What follows from a command for a job: the events, each applied before the next is decided.
 *
 * <p>The rules of the outcome: it is settled when the job begins to end, by the first cause. A good one (COMPLETED,
 * STOPPED) is provisional until the terminal state: a failure of user code on the way there makes it FAILED. A bad one
 * is never changed; what goes wrong later is only recorded.
 */
public final class JobDecisions {
    private final JobDraft draft;
    private final MemberReports members;
    private final PhaseDecisions phases;

    private JobDecisions(JobDraft draft) {
        this.draft = draft;
        this.members = new MemberReports(draft);
        this.phases = new PhaseDecisions(draft);
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
        JobDraft draft = new JobDraft(job, nowNs);
        JobDecisions decisions = new JobDecisions(draft);
        decisions.on(command);
        decisions.advance();
        return draft.events();
    }

    private void on(JobCommand command) {
        if (command instanceof JobCommand.Admit) {
            draft.moveIfPossible(JobTrigger.ADMIT, "its turn has come");
        } else if (command instanceof JobCommand.Refuse refuse) {
            refuse(refuse.reason());
        } else if (command instanceof JobCommand.Pause) {
            draft.moveIfPossible(JobTrigger.PAUSE, "paused on request");
        } else if (command instanceof JobCommand.Resume) {
            draft.moveIfPossible(JobTrigger.RESUME, "resumed on request");
        } else if (command instanceof JobCommand.Stop stop) {
            draft.end(JobState.STOPPED, stop.reason(), true);
        } else if (command instanceof JobCommand.Cancel cancel) {
            cancel(cancel.reason());
        } else if (command instanceof JobCommand.Hurry hurry) {
            hurry(hurry);
        } else if (command instanceof JobCommand.DeadlinePassed) {
            draft.end(JobState.TIMED_OUT, "its deadline passed", false);
        } else if (command instanceof JobCommand.StartTimedOut) {
            startTimedOut();
        } else if (command instanceof JobCommand.PhaseTimedOut timedOut) {
            phases.timedOut(timedOut.step());
        } else if (command instanceof JobCommand.InterruptDue) {
            draft.apply(new JobEvent.InterruptsDue());
        } else if (command instanceof JobCommand.Released released) {
            phases.released(released.entry(), released.lines());
        } else {
            members.on(command);
        }
    }

    private void cancel(String reason) {
        if (draft.job().isDraining()) {
            draft.apply(new JobEvent.DrainAbandoned());
        }
        draft.end(JobState.CANCELLED, reason, false);
    }

    private void hurry(JobCommand.Hurry hurry) {
        cancel(hurry.reason());
        if (!draft.job().state().isTerminal() && !draft.job().isHurried()) {
            draft.apply(new JobEvent.Hurried(hurry.phaseTimeout()));
            draft.apply(new JobEvent.InterruptsDue());
        }
    }

    private void refuse(String reason) {
        if (draft.job().state() == JobState.QUEUED) {
            draft.apply(new JobEvent.FailureRecorded(
                    JobDraft.runtimeFailure(draft.job().spec().id(), reason), true));
            draft.move(JobTrigger.REFUSE, reason);
        }
    }

    private void startTimedOut() {
        if (draft.job().state() == JobState.STARTING) {
            draft.fail(JobDraft.runtimeFailure(
                    draft.job().spec().id(),
                    "services " + draft.servicesThat(status -> status != ServiceStatus.RUNNING)
                            + " and tasks "
                            + draft.tasksThat(status -> status == TaskStatus.WAITING || status == TaskStatus.STARTING)
                            + " did not start within " + draft.job().spec().startTimeout()
                            + " (sage.job.start-timeout)"));
        }
    }

    /** Goes on as far as the present state allows. */
    private void advance() {
        boolean moved = true;
        while (moved) {
            moved = switch (draft.job().state()) {
                case STARTING -> advanceStart();
                case RUNNING, PAUSED -> advanceRun();
                case STOPPING, CLEANING -> phases.advance();
                default -> false;
            };
        }
    }

    private boolean advanceStart() {
        for (String service : draft.servicesThat(status -> status == ServiceStatus.WAITING)) {
            List<String> needed = draft.job().spec().services().getOrDefault(service, List.of());
            if (needed.stream().allMatch(other -> draft.job().service(other) == ServiceStatus.RUNNING)) {
                draft.apply(new JobEvent.ServiceChanged(service, ServiceStatus.STARTING));
            }
        }
        if (!draft.job().allServices(status -> status == ServiceStatus.RUNNING)) {
            return false;
        }
        draft.changeTasks(status -> status == TaskStatus.WAITING, TaskStatus.STARTING);
        if (draft.job().allTasks(status -> status != TaskStatus.STARTING)) {
            draft.move(JobTrigger.STARTED, "all services and tasks run");
            return true;
        }
        return false;
    }

    private boolean advanceRun() {
        draft.commitWhenAllEnded();
        if (!draft.job().allTasks(TaskStatus::isGone)) {
            return false;
        }
        if (draft.job().spec().autostop()) {
            draft.end(JobState.COMPLETED, "the last task has ended", false);
        } else {
            draft.move(
                    JobTrigger.GO_IDLE, "the last task has ended; the services can be called until the job is stopped");
        }
        return true;
    }
}
