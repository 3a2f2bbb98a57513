package dev.sage.runtime.dataplane;

import dev.sage.api.JobFailure;

/** Carries the failure of an operator out of the chain, past the operators upstream of it, which have not failed. */
class OperatorException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient JobFailure failure;

    OperatorException(JobFailure failure) {
        super(failure.message(), failure.cause().orElse(null), false, false);
        this.failure = failure;
    }

    final JobFailure failure() {
        return failure;
    }
}
