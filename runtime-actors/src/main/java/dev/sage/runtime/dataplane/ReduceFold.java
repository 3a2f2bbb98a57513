package dev.sage.runtime.dataplane;

import dev.sage.api.ReduceFunction;

record ReduceFold(ReduceFunction<Object> function) implements Fold {
    @SuppressWarnings("unchecked")
    static Fold of(ReduceFunction<?> function) {
        return new ReduceFold((ReduceFunction<Object>) function);
    }

    @Override
    public Object first(Object value) {
        return value;
    }

    @Override
    public Object add(Object kept, Object value) throws Exception {
        return function.reduce(kept, value);
    }

    @Override
    public Object result(Object key, Object kept) {
        return kept;
    }
}
