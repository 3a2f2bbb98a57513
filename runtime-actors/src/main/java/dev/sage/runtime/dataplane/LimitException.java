package dev.sage.runtime.dataplane;

import dev.sage.api.JobFailure;

/** An operator that has reached a limit of memory: no policy for single records helps against that. */
final class LimitException extends OperatorException {
    private static final long serialVersionUID = 1;

    LimitException(JobFailure failure) {
        super(failure);
    }
}
