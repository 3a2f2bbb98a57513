package dev.sage.api;

/** {@link Environment#run} was waiting for a job that somebody cancelled or stopped. */
public final class JobCancelledException extends JobException {
    private static final long serialVersionUID = 1;

    public JobCancelledException(JobResult result) {
        super(
                "job.cancelled",
                "Job " + result.name() + " (" + result.id() + ") ended " + result.state() + ": " + result.reason(),
                null,
                result);
    }
}
