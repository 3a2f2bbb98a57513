package dev.sage.api;

/**
 * A stream whose records are brought together by key: each operator here sees all records of a key in one of its parallel
 * instances, in the order in which each upstream instance sent them.
 */
public interface KeyedStream<K, T> extends PartitionedStream<T> {
    @Override
    RayKeyedStream<K, T> on(RayPool pool);

    /** One value per key, emitted when the stream has ended. */
    DataStream<T> reduce(ReduceFunction<T> function);

    /** One result per key, emitted when the stream has ended, keys in the order of their first record in each instance. */
    <A, R> DataStream<KeyValue<K, R>> aggregate(Aggregator<? super T, A, R> aggregator);

    /** How many records each key has. */
    default DataStream<KeyValue<K, Long>> count() {
        return aggregate(Aggregators.<T>counting());
    }

    /** As {@link #reduce}, emitting the value of the key so far after each record. */
    DataStream<T> scan(ReduceFunction<T> function);

    /** As {@link #aggregate}, emitting the result of the key so far after each record. */
    <A, R> DataStream<KeyValue<K, R>> scan(Aggregator<? super T, A, R> aggregator);

    /** A function that keeps values for each key. */
    <R> DataStream<R> process(ProcessFunction<K, ? super T, R> function);

    /** One record for each pair of a record here and one there with the same key; see {@link KeyedConnectedStreams#join}. */
    <U, R> DataStream<R> join(KeyedStream<K, U> other, JoinFunction<? super T, ? super U, ? extends R> function);
}
