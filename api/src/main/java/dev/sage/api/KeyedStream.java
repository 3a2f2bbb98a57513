package dev.sage.api;

/**
 * A stream whose records are brought together by key: each operator here sees all records of a key in one of its parallel
 * instances, in the order in which each upstream instance sent them.
 */
public interface KeyedStream<K, T> {
    <R> DataStream<R> map(MapFunction<? super T, ? extends R> function);

    DataStream<T> filter(FilterFunction<? super T> function);

    <R> DataStream<R> flatMap(FlatMapFunction<? super T, R> function);

    <R> DataStream<R> flatMap(EmitFunction<? super T, R> function);

    /** One value per key, emitted when the stream has ended. */
    DataStream<T> reduce(ReduceFunction<T> function);

    /** One result per key, emitted when the stream has ended, keys in the order of their first record in each instance. */
    <A, R> DataStream<KeyValue<K, R>> aggregate(Aggregator<? super T, A, R> aggregator);

    /** How many records each key has. */
    default DataStream<KeyValue<K, Long>> count() {
        return aggregate(Aggregators.<T>counting());
    }
}
