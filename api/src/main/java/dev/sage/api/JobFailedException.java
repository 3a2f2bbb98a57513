package dev.sage.api;

/** The job ended {@link JobState#FAILED} or {@link JobState#TIMED_OUT}. The cause is what the user's own code threw. */
public final class JobFailedException extends JobException {
    private static final long serialVersionUID = 1;

    public JobFailedException(JobResult result) {
        super(
                result.state() == JobState.TIMED_OUT ? "job.timed-out" : "job.failed",
                "Job " + result.name() + " (" + result.id() + ") ended " + result.state() + ": "
                        + result.failure().map(JobFailure::describe).orElse(result.reason()),
                result.failure().flatMap(JobFailure::cause).orElse(null),
                result);
    }
}
