package dev.sage.runtime.dataplane;

import dev.sage.api.KeyFunction;
import org.jspecify.annotations.Nullable;

/** An operator that keeps a value for each key, and emits the one of the record's key after each record. */
final class ScanStage extends Stage {
    private final OperatorInstance self;
    private final Flow flow;
    private final KeyFunction<Object, Object> keyFunction;
    private final Fold fold;
    private final KeyedStates<Object> values;
    private final Stage next;
    private long ordinal;

    @SuppressWarnings("unchecked")
    ScanStage(OperatorInstance self, Flow flow, KeyFunction<?, ?> key, Fold fold, int keyGroups, Stage next) {
        this.self = self;
        this.flow = flow;
        this.keyFunction = (KeyFunction<Object, Object>) key;
        this.fold = fold;
        this.values = new KeyedStates<>(keyGroups);
        this.next = next;
    }

    @Override
    void accept(Object value) {
        flow.at = self.index();
        Object result;
        try {
            Object key = keyFunction.keyOf(value);
            Object kept = values.get(key);
            Object changed = checked(kept == null ? fold.first(value) : fold.add(kept, value));
            result = fold.result(key, changed);
            if (changed != kept) {
                values.put(key, changed);
            }
        } catch (OperatorException failure) {
            throw failure;
        } catch (Throwable failure) {
            throw self.failure("apply", ordinal, failure);
        }
        ordinal++;
        next.accept(result);
    }

    private Object checked(@Nullable Object kept) {
        if (kept == null) {
            throw self.failure("apply", ordinal, KeyedStage.NULL_VALUE);
        }
        return kept;
    }
}
