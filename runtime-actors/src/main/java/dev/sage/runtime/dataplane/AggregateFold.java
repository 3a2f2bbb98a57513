package dev.sage.runtime.dataplane;

import dev.sage.api.Aggregator;
import dev.sage.api.KeyValue;
import java.util.Objects;

record AggregateFold(Aggregator<Object, Object, Object> aggregator) implements Fold {
    @SuppressWarnings("unchecked")
    static Fold of(Aggregator<?, ?, ?> aggregator) {
        return new AggregateFold((Aggregator<Object, Object, Object>) aggregator);
    }

    @Override
    public Object first(Object value) throws Exception {
        return aggregator.add(
                Objects.requireNonNull(aggregator.create(), "the aggregator's create() returned null"), value);
    }

    @Override
    public Object add(Object kept, Object value) throws Exception {
        return aggregator.add(kept, value);
    }

    @Override
    public Object result(Object key, Object kept) throws Exception {
        return new KeyValue<>(
                key, Objects.requireNonNull(aggregator.result(kept), "the aggregator's result() returned null"));
    }
}
