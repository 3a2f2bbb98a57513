package dev.sage.api;

import org.jspecify.annotations.Nullable;

/** A job did not end as its caller had to expect. It has been cleaned up; {@link #result} tells how. */
public abstract sealed class JobException extends SageException permits JobFailedException, JobCancelledException {
    private static final long serialVersionUID = 1;

    private final transient JobResult result;

    JobException(String code, String message, @Nullable Throwable cause, JobResult result) {
        super(code, message, cause);
        this.result = result;
    }

    /** How the job ended; null in an exception that was serialized. */
    public final JobResult result() {
        return result;
    }
}
