package dev.sage.runtime.dataplane;

import dev.sage.api.KeyFunction;
import dev.sage.api.ReduceFunction;

final class ReduceStage extends KeyedStage {
    private final ReduceFunction<Object> function;

    @SuppressWarnings("unchecked")
    ReduceStage(OperatorInstance self, Flow flow, KeyFunction<?, ?> key, ReduceFunction<?> function, Stage next) {
        super(self, flow, key, next);
        this.function = (ReduceFunction<Object>) function;
    }

    @Override
    Object first(Object value) {
        return value;
    }

    @Override
    Object add(Object kept, Object value) throws Exception {
        return function.reduce(kept, value);
    }

    @Override
    Object result(Object key, Object kept) {
        return kept;
    }
}
