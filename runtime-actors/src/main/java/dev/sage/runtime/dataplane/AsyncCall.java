package dev.sage.runtime.dataplane;

import org.jspecify.annotations.Nullable;

/** A record that an async operator works on, and what came of it. */
final class AsyncCall {
    final Object value;
    final long ordinal;
    /** Set by the task, before anybody can ask for an interrupt. */
    volatile @Nullable BlockingCall<?> running;

    volatile @Nullable Object result;
    /** What the last attempt threw. */
    volatile @Nullable OperatorException failure;

    // Only the task looks at these.
    int failures;
    long dueNanos;
    boolean dropped;

    AsyncCall(Object value, long ordinal) {
        this.value = value;
        this.ordinal = ordinal;
    }

    void interrupt() {
        BlockingCall<?> call = running;
        if (call != null) {
            call.interrupt();
        }
    }
}
