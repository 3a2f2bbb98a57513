package dev.sage.runtime.dataplane;

import dev.sage.api.DeadLetter;
import dev.sage.api.ErrorPolicy;
import dev.sage.api.JobFailure;
import dev.sage.runtime.core.task.ErrorReaction;
import org.jspecify.annotations.Nullable;

/** Carries out the error policy of one instance of an operator, and counts what it did. */
final class RecordErrors {
    /** The record is done with. */
    static final long SETTLED = -1;

    private final OperatorInstance self;
    private final Flow flow;
    private final ErrorPolicy policy;
    private final @Nullable SinkStage deadLetters;

    RecordErrors(OperatorInstance self, Flow flow, ErrorPolicy policy, @Nullable SinkStage deadLetters) {
        this.self = self;
        this.flow = flow;
        this.policy = policy;
        this.deadLetters = deadLetters;
    }

    /**
     * Answers in how many nanoseconds the record is to be tried again, or {@link #SETTLED}.
     *
     * @param failures how often it has failed by now
     * @throws OperatorException when the job is to fail
     */
    long react(Object value, long ordinal, int failures, OperatorException failure) {
        JobFailure told = failure.failure();
        if (failure instanceof LimitException
                || !ErrorReaction.concernsTheRecord(told.cause().orElse(null))) {
            throw self.at(ordinal, failure);
        }
        ErrorReaction reaction = ErrorReaction.of(policy, failures);
        if (reaction instanceof ErrorReaction.Retry retry) {
            flow.retried++;
            return retry.after().toNanos();
        }
        if (reaction instanceof ErrorReaction.Skip) {
            flow.skipped++;
            return SETTLED;
        }
        if (reaction instanceof ErrorReaction.PutAside && deadLetters != null) {
            deadLetters.accept(new DeadLetter(value, self.name(), self.instance(), ordinal, told.message()));
            flow.deadLettered++;
            return SETTLED;
        }
        throw self.at(ordinal, failure);
    }
}
