package dev.sage.runtime.dataplane;

import dev.sage.api.EmitFunction;
import dev.sage.api.Emitter;
import org.jspecify.annotations.Nullable;

/**
 * Calls a function that pushes its results. Such a call cannot be stopped half-way, so what it emits while output is
 * blocked is held in memory, up to a limit.
 */
final class EmitStage extends Stage {
    private final OperatorInstance self;
    private final Flow flow;
    private final EmitFunction<Object, Object> function;
    private final int overdrawRecords;
    private final Stage next;
    private final Emitter<Object> emitter = this::emit;
    private long ordinal;
    private @Nullable Thread caller;
    /** Kept, because the function may catch what emit throws. */
    private @Nullable RuntimeException broken;

    @SuppressWarnings("unchecked")
    EmitStage(OperatorInstance self, Flow flow, EmitFunction<?, ?> function, int overdrawRecords, Stage next) {
        this.self = self;
        this.flow = flow;
        this.function = (EmitFunction<Object, Object>) function;
        this.overdrawRecords = overdrawRecords;
        this.next = next;
    }

    @Override
    void accept(Object value) {
        flow.at = self.index();
        flow.pushing++;
        caller = Thread.currentThread();
        try {
            function.apply(value, emitter);
        } catch (Throwable failure) {
            throw broken != null ? broken : self.failure("apply", ordinal, failure);
        } finally {
            caller = null;
            flow.pushing--;
        }
        if (broken != null) {
            throw broken;
        }
        ordinal++;
    }

    private void emit(Object value) {
        if (Thread.currentThread() != caller) {
            throw new IllegalStateException("The emitter of '" + self.name()
                    + "' was used outside of the call that it was given to, or on another thread.");
        }
        if (broken != null) {
            throw broken;
        }
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
            throw self.failure(
                    "apply",
                    ordinal,
                    "one call emitted more than the buffers downstream take, and " + overdrawRecords
                            + " records beyond that (sage.exchange.overdraw-records). Return an Iterable from"
                            + " flatMap, which is read as fast as the buffers allow, or raise the setting.");
        }
    }
}
