package dev.sage.api;

/**
 * A stream of records, the output of one operator. It may be used more than once: each use gets every record.
 *
 * <p>Operators run with parallelism 1 unless {@link #parallelism} says otherwise. Order is kept where one instance feeds
 * one instance: with parallelism 1, and between operators of the same parallelism. An exception thrown by a function
 * fails the job with the operator's name, the instance and the ordinal of the record.
 */
public interface DataStream<T> {
    <R> DataStream<R> map(MapFunction<? super T, ? extends R> function);

    DataStream<T> filter(FilterFunction<? super T> function);

    <R> DataStream<R> flatMap(FlatMapFunction<? super T, R> function);

    <R> DataStream<R> flatMap(EmitFunction<? super T, R> function);

    /** The same records, to be processed by key: what follows sees all records of one key in one instance, in order. */
    <K> KeyedStream<K, T> keyBy(KeyFunction<? super T, ? extends K> key);

    /** All records of this stream and the other; of each in its order, of both in any. */
    DataStream<T> union(DataStream<? extends T> other);

    /**
     * Calls a function that may block, with at most {@code maxInFlight} calls at a time in each instance, on threads of
     * their own (virtual ones from Java 21). The results keep the order of the records.
     */
    <R> DataStream<R> mapAsync(int maxInFlight, MapFunction<? super T, ? extends R> function);

    /** As {@link #mapAsync}; the results leave in the order in which they are ready. */
    <R> DataStream<R> mapAsyncUnordered(int maxInFlight, MapFunction<? super T, ? extends R> function);

    /**
     * Begins a loop: the records of this stream, and those that {@link Feedback#closeWith} feeds back. It ends by itself
     * when this stream has ended and no record is in the loop any more.
     *
     * @param name of the loop, unique among the operators of the job
     */
    Feedback<T> feedback(String name);

    /** Brings the records back to the caller. More than {@code sage.collect.max-records} fail the job. */
    Results<T> collect();

    StreamEnd sink(Sink<? super T> sink);

    /** Prints each record on a line of standard output. */
    default StreamEnd print() {
        return print("");
    }

    StreamEnd print(String prefix);

    /** Names the operator that makes this stream; unique within the job. */
    DataStream<T> name(String name);

    /** Sets the parallelism of the operator that makes this stream, 1 to {@code sage.job.max-parallelism}. */
    DataStream<T> parallelism(int instances);
}
