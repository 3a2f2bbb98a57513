package dev.sage.runtime.dataplane;

import dev.sage.api.DeadLetter;
import dev.sage.api.ErrorPolicy;
import dev.sage.api.JobFailure;
import dev.sage.runtime.core.task.ErrorReaction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Carries out the error policy of one instance of an operator, and counts what it did. */
final class RecordErrors {
    /** The record is done with. */
    static final long SETTLED = -1;

    /** In place of the ordinal of a record, for a key at the end of the stream. */
    static final long AT_END = -1;

    private final OperatorInstance self;
    private final Flow flow;
    private final ErrorPolicy policy;
    private final @Nullable Consumer<DeadLetter> deadLetters;

    /** @param deadLetters where they go, for a policy that has a sink for them */
    RecordErrors(OperatorInstance self, Flow flow, ErrorPolicy policy, @Nullable Consumer<DeadLetter> deadLetters) {
        this.self = self;
        this.flow = flow;
        this.policy = policy;
        this.deadLetters = deadLetters;
    }

    /**
     * Answers in how many nanoseconds the record is to be tried again, or {@link #SETTLED}.
     *
     * @param value the record, or the key
     * @param ordinal of the record, or {@link #AT_END}
     * @param failures how often it has failed by now
     * @throws OperatorException when the job is to fail
     */
    long react(Object value, long ordinal, int failures, OperatorException failure) {
        JobFailure told = failure.failure();
        if (failure instanceof BeyondPolicyException
                || !ErrorReaction.concernsTheRecord(told.cause().orElse(null))) {
            throw at(ordinal, failure);
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
        if (reaction instanceof ErrorReaction.PutAside) {
            putAside(new DeadLetter(value, self.name(), self.instance(), ordinal, told.message()));
            flow.deadLettered++;
            return SETTLED;
        }
        throw at(ordinal, failure);
    }

    /** Of a record that was counted where it failed. */
    void putAside(DeadLetter letter) {
        if (deadLetters == null) {
            throw new IllegalStateException("Operator '" + self.name() + "' has no sink for dead letters.");
        }
        deadLetters.accept(letter);
    }

    private OperatorException at(long ordinal, OperatorException failure) {
        return ordinal == AT_END ? failure : self.at(ordinal, failure);
    }
}
