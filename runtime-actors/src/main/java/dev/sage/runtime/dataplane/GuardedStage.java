package dev.sage.runtime.dataplane;

import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * An operator with an error policy, around the operator itself: lets its results pass when a record's call has ended
 * well, and does what the policy says when it has not. While a record waits to be tried again the task has no turn.
 */
final class GuardedStage extends BackloggedStage {
    private final Stage guarded;
    private final HeldRecords results;
    private final RecordErrors errors;
    private final Tasklet tasklet;
    private long ordinal;
    private int failures;
    private @Nullable Object waiting;
    private long dueNanos;

    /** @param results of the guarded operator, which emits to them */
    GuardedStage(
            OperatorInstance self,
            Flow flow,
            Stage guarded,
            HeldRecords results,
            RecordErrors errors,
            Tasklet tasklet,
            Stage next) {
        super(self, flow, next);
        this.guarded = guarded;
        this.results = results;
        this.errors = errors;
        this.tasklet = tasklet;
    }

    @Override
    void take(Object value) {
        failures = 0;
        attempt(value);
    }

    @Override
    void goOn() {
        Object value = waiting;
        if (value == null) {
            super.goOn();
        } else if (System.nanoTime() - dueNanos >= 0) {
            waiting = null;
            flow.waiting--;
            super.goOn();
            attempt(value);
        } else {
            tasklet.wakeAt(dueNanos);
        }
    }

    private void attempt(Object value) {
        OperatorException failure = call(value);
        if (failure == null) {
            ordinal++;
            emit(NO_MORE);
            return;
        }
        results.drop();
        long nanos = errors.react(value, ordinal, ++failures, failure);
        if (nanos == RecordErrors.SETTLED) {
            ordinal++;
            return;
        }
        waiting = value;
        dueNanos = System.nanoTime() + nanos;
        flow.waiting++;
        open();
        tasklet.wakeAt(dueNanos);
    }

    private @Nullable OperatorException call(Object value) {
        results.hold();
        flow.pushing++;
        try {
            guarded.accept(value);
            while (guarded instanceof CursorStage cursor && cursor.isOpen()) {
                cursor.resume();
            }
            return null;
        } catch (OperatorException failure) {
            return failure;
        } finally {
            flow.pushing--;
            results.pass();
        }
    }

    @Override
    @Nullable
    Object nextOf(Iterator<?> nothing) {
        return results.poll();
    }
}
