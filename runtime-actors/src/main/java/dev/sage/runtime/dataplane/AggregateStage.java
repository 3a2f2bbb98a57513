package dev.sage.runtime.dataplane;

import dev.sage.api.Aggregator;
import dev.sage.api.KeyFunction;
import dev.sage.api.KeyValue;
import java.util.Objects;

final class AggregateStage extends KeyedStage {
    private final Aggregator<Object, Object, Object> aggregator;

    @SuppressWarnings("unchecked")
    AggregateStage(
            OperatorInstance self, Flow flow, KeyFunction<?, ?> key, Aggregator<?, ?, ?> aggregator, Stage next) {
        super(self, flow, key, next);
        this.aggregator = (Aggregator<Object, Object, Object>) aggregator;
    }

    @Override
    Object first(Object value) throws Exception {
        return aggregator.add(
                Objects.requireNonNull(aggregator.create(), "the aggregator's create() returned null"), value);
    }

    @Override
    Object add(Object kept, Object value) throws Exception {
        return aggregator.add(kept, value);
    }

    @Override
    Object result(Object key, Object kept) throws Exception {
        return new KeyValue<>(
                key, Objects.requireNonNull(aggregator.result(kept), "the aggregator's result() returned null"));
    }
}
