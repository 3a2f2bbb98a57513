package dev.sage.runtime.dispatch;

import dev.sage.api.JobEvent.CleanedUp;
import dev.sage.api.JobEvent.Failed;
import dev.sage.api.JobEvent.ServiceRestarted;
import dev.sage.api.JobEvent.ServiceRestarting;
import dev.sage.api.JobEvent.ServiceStarted;
import dev.sage.api.JobEvent.ServiceStopped;
import dev.sage.api.JobEvent.TaskEnded;
import dev.sage.api.JobEvent.TaskStarted;
import dev.sage.runtime.core.job.JobEvent;
import dev.sage.runtime.core.job.ServiceStatus;
import dev.sage.runtime.core.job.TaskStatus;
import dev.sage.runtime.service.ServiceActor;
import java.time.Duration;
import java.util.Optional;

/** What of a job's life is told to people; states are told by {@link JobObserver#stateChanged}. */
final class News {
    private News() {}

    static Optional<dev.sage.api.JobEvent> of(JobEvent event, Duration at) {
        dev.sage.api.JobEvent news = null;
        if (event instanceof JobEvent.TaskChanged changed && changed.to() == TaskStatus.RUNNING) {
            news = new TaskStarted(at, changed.task());
        } else if (event instanceof JobEvent.TaskChanged changed && changed.to() == TaskStatus.ENDED) {
            news = new TaskEnded(at, changed.task());
        } else if (event instanceof JobEvent.ServiceChanged changed && changed.to() == ServiceStatus.RUNNING) {
            news = new ServiceStarted(at, changed.service());
        } else if (event instanceof JobEvent.ServiceChanged changed && changed.to() == ServiceStatus.STOPPED) {
            news = new ServiceStopped(at, changed.service());
        } else if (event instanceof JobEvent.FailureRecorded recorded) {
            news = new Failed(at, recorded.failure(), recorded.decisive());
        } else if (event instanceof JobEvent.Reported reported) {
            news = new CleanedUp(at, reported.line());
        }
        return Optional.ofNullable(news);
    }

    /** Of what is nothing new for the job itself: its service is still one that it has started. */
    static Optional<dev.sage.api.JobEvent> of(ServiceActor.Event event, Duration at) {
        if (event instanceof ServiceActor.Restarting restarting) {
            return Optional.of(new ServiceRestarting(
                    at,
                    restarting.service(),
                    restarting.instance(),
                    restarting.cause(),
                    restarting.restart(),
                    restarting.allowed()));
        } else if (event instanceof ServiceActor.Restarted restarted) {
            return Optional.of(new ServiceRestarted(at, restarted.service(), restarted.instance()));
        }
        return Optional.empty();
    }
}
