package dev.sage.runtime.dataplane;

import java.util.function.LongConsumer;

/**
 * The attempts at one thing after the other, as an error policy allows them: how often one has failed, and from when on
 * it may be tried again. Until then the task has no turn for it.
 */
final class Attempts {
    private final RecordErrors errors;
    private final LongConsumer wakeAt;
    private int failures;
    private long dueNanos;

    /** @param wakeAt has the tasklet woken at a time, see {@link Tasklet#wakeAt} */
    Attempts(RecordErrors errors, LongConsumer wakeAt) {
        this.errors = errors;
        this.wakeAt = wakeAt;
    }

    /** Whether the next attempt may begin; if not, the tasklet is woken when it may. */
    boolean isDue() {
        if (failures == 0 || System.nanoTime() - dueNanos >= 0) {
            return true;
        }
        wakeAt.accept(dueNanos);
        return false;
    }

    /** An attempt has ended well; the next one is for something else. */
    void succeeded() {
        failures = 0;
    }

    /**
     * An attempt has failed. Answers whether there will be another one, see {@link #isDue}; if not, the next one is for
     * something else.
     *
     * @throws OperatorException when the job is to fail
     */
    boolean failed(Object value, long ordinal, OperatorException failure) {
        long nanos = errors.react(value, ordinal, ++failures, failure);
        if (nanos == RecordErrors.SETTLED) {
            failures = 0;
            return false;
        }
        dueNanos = System.nanoTime() + nanos;
        wakeAt.accept(dueNanos);
        return true;
    }
}
