package dev.sage.api;

import java.time.Duration;

/** What has happened to a job, see {@link JobHandle#events}. The last one is {@link Ended}. */
public sealed interface JobEvent {
    /** When, from the submission on. */
    Duration at();

    /** The job has another state; the first change is from QUEUED. */
    record StateChanged(Duration at, JobState from, JobState to, String reason) implements JobEvent {}

    /** The task, named as in {@code count/0}, takes records. */
    record TaskStarted(Duration at, String task) implements JobEvent {}

    /** The task has worked off its input; its sinks commit when all tasks have. */
    record TaskEnded(Duration at, String task) implements JobEvent {}

    /** The service can be called. */
    record ServiceStarted(Duration at, String service) implements JobEvent {}

    /**
     * The service has died and is made anew, see {@link RestartPolicy}. One that died for good is told as {@link Failed}.
     *
     * @param instance the number, from 1, of the one that died; it is stopped and cleaned up first
     * @param cause as the service gave it
     * @param restart the how manieth this is, from 1, of those that count now
     * @param allowed how many restarts may count at a time
     */
    record ServiceRestarting(Duration at, String service, int instance, Throwable cause, int restart, int allowed)
            implements JobEvent {}

    /**
     * The service can be called again.
     *
     * @param instance the number, from 2, of the one that runs now
     */
    record ServiceRestarted(Duration at, String service, int instance) implements JobEvent {}

    /** The service takes no more calls; it is cleaned up next. */
    record ServiceStopped(Duration at, String service) implements JobEvent {}

    /** Something failed; {@code decisive} when the job is FAILED because of it. */
    record Failed(Duration at, JobFailure failure, boolean decisive) implements JobEvent {}

    /** What the job held was given back, kept, or could not be. */
    record CleanedUp(Duration at, CleanupReport.Line line) implements JobEvent {}

    /**
     * In the place of events that this listener does not get: it was slower, or came later, than {@code
     * sage.job.event-history} allows.
     */
    record Missed(Duration at, long events) implements JobEvent {}

    /** Everything is clean. The last event. */
    record Ended(Duration at, JobResult result) implements JobEvent {}
}
