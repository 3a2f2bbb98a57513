package dev.sage.api;

/** Two streams whose records are brought together by key: the operator sees those of a key, of both, in one instance. */
public interface KeyedConnectedStreams<K, A, B> {
    /** A function that keeps values for each key, which the records of both streams share. */
    <R> DataStream<R> process(CoProcessFunction<K, A, B, R> function);

    /**
     * One record for each pair of records with the same key, emitted as soon as the second of them has come. All records
     * are kept until the end, at most {@code sage.join.max-records} in each instance; one more fails the job.
     */
    <R> DataStream<R> join(JoinFunction<? super A, ? super B, ? extends R> function);
}
