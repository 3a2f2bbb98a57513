package dev.sage.runtime.dataplane;

import dev.sage.api.KeyFunction;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An operator that keeps a value for each key until the stream ends, and then emits one record per key, in the order in
 * which the keys came.
 */
final class KeyedStage extends CursorStage implements KeptKeys {
    static final String NULL_VALUE = "the function returned null; the value of a key is never null.";

    private final KeyFunction<Object, Object> keyFunction;
    private final Fold fold;
    private final Stage next;
    private final Map<Object, Object> values = new LinkedHashMap<>();
    private long ordinal;

    @SuppressWarnings("unchecked")
    KeyedStage(OperatorInstance self, Flow flow, KeyFunction<?, ?> key, Fold fold, Stage next) {
        super(self, flow, next);
        this.keyFunction = (KeyFunction<Object, Object>) key;
        this.fold = fold;
        this.next = next;
    }

    @Override
    void accept(Object value) {
        flow.at = self.index();
        try {
            Object key = keyFunction.keyOf(value);
            Object kept = values.get(key);
            Object changed = checked(kept == null ? fold.first(value) : fold.add(kept, value));
            // Most accumulators are changed in place, which saves the second look-up.
            if (changed != kept) {
                values.put(key, changed);
            }
        } catch (OperatorException failure) {
            throw failure;
        } catch (Throwable failure) {
            throw self.failure("apply", ordinal, failure);
        }
        ordinal++;
    }

    @Override
    public Iterator<Map.Entry<Object, Object>> kept() {
        return values.entrySet().iterator();
    }

    @Override
    public void end(Map.Entry<?, ?> entry) {
        next.accept(result(entry.getKey(), entry.getValue()));
    }

    @Override
    void finish() {
        emit(kept());
    }

    @Override
    @SuppressWarnings("unchecked")
    @Nullable
    Object nextOf(Iterator<?> entries) {
        if (!entries.hasNext()) {
            return null;
        }
        Map.Entry<Object, Object> entry = (Map.Entry<Object, Object>) entries.next();
        Object result = result(entry.getKey(), entry.getValue());
        entries.remove();
        return result;
    }

    private Object result(Object key, Object kept) {
        flow.at = self.index();
        try {
            return fold.result(key, kept);
        } catch (Throwable failure) {
            throw self.failure("result", failure);
        }
    }

    private Object checked(@Nullable Object kept) {
        if (kept == null) {
            throw self.failure("apply", ordinal, NULL_VALUE);
        }
        return kept;
    }
}
