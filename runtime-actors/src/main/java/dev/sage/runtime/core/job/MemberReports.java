package dev.sage.runtime.core.job;

import dev.sage.api.CleanupReport.Outcome;
import dev.sage.api.JobFailure;
import java.util.Optional;

/** What follows from what its tasks and services tell a job. What comes too late changes nothing. */
final class MemberReports {
    private final JobDraft draft;

    MemberReports(JobDraft draft) {
        this.draft = draft;
    }

    void on(JobCommand command) {
        if (command instanceof JobCommand.TaskStarted started) {
            draft.changeTask(started.task(), TaskStatus.STARTING, TaskStatus.RUNNING);
        } else if (command instanceof JobCommand.TaskEnded ended) {
            draft.changeTask(ended.task(), TaskStatus.STARTING, TaskStatus.ENDED);
            draft.changeTask(ended.task(), TaskStatus.RUNNING, TaskStatus.ENDED);
        } else if (command instanceof JobCommand.TaskFailed failed) {
            if (!draft.job().task(failed.task()).isGone()) {
                draft.fail(failed.failure());
            }
        } else if (command instanceof JobCommand.TaskClosed closed) {
            taskClosed(closed.task(), closed.failure());
        } else if (command instanceof JobCommand.TaskLost lost) {
            taskLost(lost.task());
        } else if (command instanceof JobCommand.ServiceRunning running) {
            draft.changeService(running.service(), ServiceStatus.STARTING, ServiceStatus.RUNNING);
        } else if (command instanceof JobCommand.ServiceFailed failed) {
            if (!draft.job().service(failed.service()).isSettled()) {
                draft.changeService(failed.service(), ServiceStatus.STARTING, ServiceStatus.STOPPED);
                draft.fail(failed.failure());
            }
        } else if (command instanceof JobCommand.ServiceStopped stopped) {
            if (draft.changeService(stopped.service(), ServiceStatus.STOPPING, ServiceStatus.STOPPED)) {
                stopped.failure().ifPresent(draft::fail);
            }
        } else if (command instanceof JobCommand.ServiceHeld held) {
            serviceHeld(held.service(), held.step(), held.failure());
        } else if (command instanceof JobCommand.ServiceCleaned cleaned) {
            serviceCleaned(cleaned.service(), cleaned.failure());
        } else if (command instanceof JobCommand.ServiceKept kept) {
            if (draft.changeService(kept.service(), ServiceStatus.KEEPING, ServiceStatus.KEPT)) {
                draft.report(
                        "service",
                        kept.service(),
                        Outcome.KEPT,
                        "keepServices; end it by its name or close the environment");
            }
        } else if (command instanceof JobCommand.ServiceLost lost) {
            serviceLost(lost.service());
        } else if (command instanceof JobCommand.ServiceTerminated terminated
                // Else its next owner may own it already, and sees to its end; what it told this one is on its way.
                && draft.job().service(terminated.service()) != ServiceStatus.KEEPING) {
            serviceLost(terminated.service());
        }
    }

    private void taskClosed(String task, Optional<JobFailure> failure) {
        if (draft.job().task(task).isGone()) {
            return;
        }
        boolean expected =
                draft.job().task(task) == TaskStatus.COMMITTING || draft.job().task(task) == TaskStatus.CANCELLING;
        draft.apply(new JobEvent.TaskChanged(task, TaskStatus.GONE));
        if (failure.isPresent()) {
            draft.report("task", task, Outcome.FAILED, failure.get().describe());
            draft.fail(failure.get());
        } else if (!expected) {
            draft.report("task", task, Outcome.RELEASED, "");
            draft.fail(JobDraft.runtimeFailure(task, "the task closed without having been told to"));
        } else {
            draft.report("task", task, Outcome.RELEASED, "");
        }
    }

    /** What it did goes on without its actor, until it is closed. */
    private void taskLost(String task) {
        TaskStatus status = draft.job().task(task);
        if (status != TaskStatus.WAITING && status != TaskStatus.CANCELLING && !status.isGone()) {
            draft.apply(new JobEvent.TaskChanged(task, TaskStatus.CANCELLING));
            draft.fail(JobDraft.runtimeFailure(task, "the task's actor died"));
        }
    }

    private void serviceCleaned(String service, Optional<JobFailure> failure) {
        if (draft.changeService(service, ServiceStatus.CLEANING, ServiceStatus.GONE)
                || draft.changeService(service, ServiceStatus.HELD, ServiceStatus.GONE)) {
            if (failure.isPresent()) {
                draft.report("service", service, Outcome.FAILED, failure.get().describe());
                draft.fail(failure.get());
            } else {
                draft.report("service", service, Outcome.RELEASED, "");
            }
        }
    }

    /** One whose cleanup failed need not be waited for: it is not released in any case. */
    private void serviceHeld(String service, String step, Optional<JobFailure> failure) {
        if (draft.job().service(service) != ServiceStatus.CLEANING) {
            return;
        }
        if (failure.isPresent()) {
            draft.apply(new JobEvent.ServiceChanged(service, ServiceStatus.ABANDONED));
            draft.report(
                    "service", service, Outcome.FAILED, failure.get().describe() + "; " + JobDraft.leftBehind(step));
            draft.fail(failure.get());
        } else {
            draft.apply(new JobEvent.ServiceHeld(service, step));
        }
    }

    /** Its end goes on without its actor, until it is cleaned up; also when it was to be kept. */
    private void serviceLost(String service) {
        ServiceStatus status = draft.job().service(service);
        if (status != ServiceStatus.WAITING && status != ServiceStatus.CLEANING && !status.isPastCleanUp()) {
            draft.apply(new JobEvent.ServiceChanged(service, ServiceStatus.CLEANING));
            draft.fail(JobDraft.serviceFailure(service, "run", "the service's actor died"));
        }
    }
}
