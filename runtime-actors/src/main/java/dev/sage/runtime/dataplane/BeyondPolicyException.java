package dev.sage.runtime.dataplane;

import dev.sage.api.JobFailure;

/**
 * What no policy for single records helps against: an operator that has reached a limit of memory, a type that cannot be
 * a key.
 */
final class BeyondPolicyException extends OperatorException {
    private static final long serialVersionUID = 1;

    BeyondPolicyException(JobFailure failure) {
        super(failure);
    }
}
