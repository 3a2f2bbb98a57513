package dev.sage.runtime.dataplane;

import dev.sage.api.Emitter;
import org.jspecify.annotations.Nullable;

/**
 * Where a function pushes its results. Its call cannot be stopped half-way, so what it emits while output is blocked is
 * held in memory, up to a limit. Around each call: {@link #begin}, {@link #failure} if it threw, {@link #end}, and
 * {@link #check} if it did not.
 */
final class Pusher implements Emitter<Object> {
    private final OperatorInstance self;
    private final Flow flow;
    private final int overdrawRecords;
    private final Stage next;
    private long ordinal;
    private @Nullable Thread caller;
    /** Kept, because the function may catch what emit throws. */
    private @Nullable RuntimeException broken;

    Pusher(OperatorInstance self, Flow flow, int overdrawRecords, Stage next) {
        this.self = self;
        this.flow = flow;
        this.overdrawRecords = overdrawRecords;
        this.next = next;
    }

    /** @param record the ordinal of the record that the call is for */
    void begin(long record) {
        flow.at = self.index();
        flow.pushing++;
        ordinal = record;
        broken = null;
        caller = Thread.currentThread();
    }

    /** What to throw when the call threw. */
    RuntimeException failure(Throwable thrown) {
        return broken != null ? broken : self.failure("apply", ordinal, thrown);
    }

    void end() {
        caller = null;
        flow.pushing--;
    }

    void check() {
        if (broken != null) {
            throw broken;
        }
    }

    @Override
    public void emit(Object value) {
        if (Thread.currentThread() != caller) {
            throw new IllegalStateException("The emitter of '" + self.name()
                    + "' was used outside of the call that it was given to, or on another thread.");
        }
        check();
        try {
            check(value);
            next.accept(value);
        } catch (RuntimeException failure) {
            broken = failure;
            throw failure;
        }
        flow.at = self.index();
    }

    private void check(@Nullable Object value) {
        if (value == null) {
            throw self.failure("apply", ordinal, "emit(null) was called; a record is never null.");
        }
        if (flow.heldRecords >= overdrawRecords) {
            throw self.excess(
                    ordinal,
                    "one call emitted more than the buffers downstream take, and " + overdrawRecords
                            + " records beyond that (sage.exchange.overdraw-records). Return an Iterable from"
                            + " flatMap, which is read as fast as the buffers allow, or raise the setting.");
        }
    }
}
