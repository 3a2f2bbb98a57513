package dev.sage.runtime.dataplane;

import dev.sage.api.JobFailure;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Who an operator is, for failures and reports.
 *
 * @param index its place among the operators of its task, see {@link Flow#at}
 */
record OperatorInstance(String name, int instance, int index) {

    /** What user code threw while it worked on a record. */
    OperatorException failure(String step, long ordinal, Throwable cause) {
        return exception(step, OptionalLong.of(ordinal), Optional.of(cause), cause.toString());
    }

    /** What user code threw while it worked on no record. */
    OperatorException failure(String step, Throwable cause) {
        return exception(step, OptionalLong.empty(), Optional.of(cause), cause.toString());
    }

    /** What was wrong with what user code answered, or with a record. */
    OperatorException failure(String step, long ordinal, String message) {
        return exception(step, OptionalLong.of(ordinal), Optional.empty(), message);
    }

    /** What was wrong with no record in particular. */
    OperatorException failure(String step, String message) {
        return exception(step, OptionalLong.empty(), Optional.empty(), message);
    }

    /** What is wrong with the job and not with the one record: no error policy applies. */
    OperatorException misuse(String step, long ordinal, String message) {
        return new BeyondPolicyException(jobFailure(step, OptionalLong.of(ordinal), Optional.empty(), message));
    }

    /** More than a setting allows. */
    OperatorException excess(long ordinal, String message) {
        return new BeyondPolicyException(jobFailure("apply", OptionalLong.of(ordinal), Optional.empty(), message));
    }

    /** As {@link #excess(long, String)}, where the record is not known. */
    OperatorException excess(String message) {
        return new BeyondPolicyException(jobFailure("apply", OptionalLong.empty(), Optional.empty(), message));
    }

    /** A failure of this operator, with the ordinal that is known only to the caller. */
    OperatorException at(long ordinal, OperatorException failure) {
        JobFailure told = failure.failure();
        return exception(told.step(), OptionalLong.of(ordinal), told.cause(), told.message());
    }

    private OperatorException exception(String step, OptionalLong ordinal, Optional<Throwable> cause, String message) {
        return new OperatorException(jobFailure(step, ordinal, cause, message));
    }

    private JobFailure jobFailure(String step, OptionalLong ordinal, Optional<Throwable> cause, String message) {
        return new JobFailure(JobFailure.Origin.OPERATOR, name, instance, ordinal, step, cause, message);
    }
}
