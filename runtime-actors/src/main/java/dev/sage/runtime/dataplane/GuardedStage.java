package dev.sage.runtime.dataplane;

import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An operator with an error policy, around the operator itself: lets its results pass when a record's call has ended
 * well, and does what the policy says when it has not; the same for each key that is left at the end of the stream. While
 * one of them waits to be tried again the task has no turn.
 */
final class GuardedStage extends BackloggedStage {
    private final Stage guarded;
    private final HeldRecords results;
    private final RecordErrors errors;
    private final Attempts attempts;
    private long ordinal;
    private @Nullable Object waiting;
    /** Null until the stream has ended. */
    private @Nullable Iterator<? extends Map.Entry<?, ?>> keysLeft;

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
        this.attempts = new Attempts(errors, tasklet::wakeAt);
        results.hold();
    }

    @Override
    void take(Object value) {
        if (value instanceof Unkeyed unkeyed) {
            errors.putAside(unkeyed.letter());
            return;
        }
        attempt(value);
        emit(NO_MORE);
    }

    @Override
    void finish() {
        if (guarded instanceof KeptKeys keys) {
            keysLeft = keys.kept();
            emit(NO_MORE);
        }
    }

    @Override
    void goOn() {
        Object value = waiting;
        if (value == null) {
            super.goOn();
        } else if (attempts.isDue()) {
            waiting = null;
            flow.waiting--;
            super.goOn();
            attempt(value);
            emit(NO_MORE);
        }
    }

    /** @param subject a record; when the stream has ended, an entry of what is kept for the keys */
    private void attempt(Object subject) {
        OperatorException failure = keysLeft == null
                ? failureOf(() -> guarded.accept(subject))
                : failureOf(() -> ((KeptKeys) guarded).end((Map.Entry<?, ?>) subject));
        if (failure == null) {
            attempts.succeeded();
            ordinal++;
            return;
        }
        results.drop();
        boolean again = keysLeft == null
                ? attempts.failed(subject, ordinal, failure)
                : attempts.failed(((Map.Entry<?, ?>) subject).getKey(), RecordErrors.AT_END, failure);
        if (again) {
            waiting = subject;
            flow.waiting++;
            open();
        } else {
            ordinal++;
        }
    }

    private @Nullable OperatorException failureOf(Runnable call) {
        flow.pushing++;
        try {
            call.run();
            while (guarded instanceof CursorStage cursor && cursor.isOpen()) {
                cursor.resume();
            }
            return null;
        } catch (OperatorException failure) {
            return failure;
        } finally {
            flow.pushing--;
        }
    }

    @Override
    @Nullable
    Object nextOf(Iterator<?> nothing) {
        Object result = results.poll();
        while (result == null && waiting == null && keysLeft != null && keysLeft.hasNext()) {
            attempt(keysLeft.next());
            result = results.poll();
        }
        return result;
    }
}
