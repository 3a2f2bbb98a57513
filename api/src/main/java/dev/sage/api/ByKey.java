package dev.sage.api;

import static java.util.Objects.requireNonNull;

import dev.sage.api.graph.Operator;
import dev.sage.api.graph.Partitioning;

/** The output of one step on its way to an operator by key. */
final class ByKey<K, T> extends Partitioned<T> implements KeyedStream<K, T> {
    private final KeyFunction<? super T, ? extends K> key;

    ByKey(Partitioned<T> stream, KeyFunction<? super T, ? extends K> key) {
        super(stream.graph, stream.step, new Partitioning.ByKey(key));
        this.key = key;
    }

    KeyFunction<? super T, ? extends K> key() {
        return key;
    }

    @Override
    public RayKeyedStream<K, T> on(RayPool pool) {
        return OnPool.byKey(this, pool);
    }

    @Override
    public DataStream<T> reduce(ReduceFunction<T> function) {
        return then("reduce", new Operator.Reduce(key, requireNonNull(function, "function")));
    }

    @Override
    public <A, R> DataStream<KeyValue<K, R>> aggregate(Aggregator<? super T, A, R> aggregator) {
        return then("aggregate", new Operator.Aggregate(key, requireNonNull(aggregator, "aggregator")));
    }

    @Override
    public DataStream<T> scan(ReduceFunction<T> function) {
        return then("scan", new Operator.ScanReduce(key, requireNonNull(function, "function")));
    }

    @Override
    public <A, R> DataStream<KeyValue<K, R>> scan(Aggregator<? super T, A, R> aggregator) {
        return then("scan", new Operator.ScanAggregate(key, requireNonNull(aggregator, "aggregator")));
    }

    @Override
    public <R> DataStream<R> process(ProcessFunction<K, ? super T, R> function) {
        return then("process", new Operator.KeyedProcess(key, requireNonNull(function, "function")));
    }

    @Override
    public <U, R> DataStream<R> join(
            KeyedStream<K, U> other, JoinFunction<? super T, ? super U, ? extends R> function) {
        sameJob("join", other);
        return new KeyedConnected<>(this, (ByKey<K, U>) other).join(function);
    }
}
