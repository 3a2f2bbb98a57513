package dev.sage.runtime.dataplane;

import dev.sage.api.JoinFunction;
import dev.sage.api.KeyFunction;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * One side of a join: pairs each of its records with those of the other side that have come before, and keeps it for
 * those that come later. It is kept after its last pair, so that an attempt that fails leaves nothing behind.
 */
final class JoinStage extends CursorStage {
    private final KeyFunction<Object, Object> keyFunction;
    private final JoinFunction<Object, Object, Object> function;
    private final JoinState state;
    private final int side;
    private @Nullable Object key;
    private @Nullable Object record;
    private long ordinal;

    @SuppressWarnings("unchecked")
    JoinStage(
            OperatorInstance self,
            Flow flow,
            KeyFunction<?, ?> key,
            JoinFunction<?, ?, ?> function,
            JoinState state,
            int side,
            Stage next) {
        super(self, flow, next);
        this.keyFunction = (KeyFunction<Object, Object>) key;
        this.function = (JoinFunction<Object, Object, Object>) function;
        this.state = state;
        this.side = side;
    }

    @Override
    void accept(Object value) {
        flow.at = self.index();
        if (state.isFull()) {
            throw self.excess("more than " + state.maxRecords()
                    + " records are to be kept in one instance until both streams have ended (sage.join.max-records)."
                    + " Raise the setting or the parallelism, or drop before the join what finds no partner.");
        }
        Object keyOfValue;
        try {
            keyOfValue = keyFunction.keyOf(value);
        } catch (Throwable failure) {
            throw self.failure("key", ordinal, failure);
        }
        key = keyOfValue;
        record = value;
        emit(state.of(1 - side, keyOfValue).iterator());
    }

    @Override
    @Nullable
    Object nextOf(Iterator<?> partners) {
        flow.at = self.index();
        Object value = record;
        Object keyOfValue = key;
        if (value == null || keyOfValue == null) {
            return null;
        }
        if (!partners.hasNext()) {
            state.add(side, keyOfValue, value);
            ordinal++;
            key = null;
            record = null;
            return null;
        }
        Object partner = partners.next();
        Object result;
        try {
            result = side == 0 ? function.join(value, partner) : function.join(partner, value);
        } catch (Throwable failure) {
            throw self.failure("apply", ordinal, failure);
        }
        if (result == null) {
            throw self.failure("apply", ordinal, MapStage.NULL_RESULT);
        }
        return result;
    }
}
