package dev.sage.api;

/**
 * A stream of records, the output of one operator. It may be used more than once: each use gets every record.
 *
 * <p>Operators run with parallelism 1 unless {@link #parallelism} says otherwise. Order is kept where one instance feeds
 * one instance: with parallelism 1, and between operators of the same parallelism. An exception thrown by a function
 * fails the job with the operator's name, the instance and the ordinal of the record, unless {@link #onError} says
 * otherwise.
 */
public interface DataStream<T> extends PartitionedStream<T> {
    /** The same records, to be processed by key: what follows sees all records of one key in one instance, in order. */
    <K> KeyedStream<K, T> keyBy(KeyFunction<? super T, ? extends K> key);

    /** The same records, each to the next instance in turn, so that all of the next operator have equally many. */
    PartitionedStream<T> rebalance();

    /**
     * The same records, each to every parallel instance of the next operator. In one JVM all get the same object, so it
     * must not be changed.
     */
    PartitionedStream<T> broadcast();

    /** All records of this stream and the other; of each in its order, of both in any. */
    DataStream<T> union(DataStream<? extends T> other);

    /**
     * Begins a loop: the records of this stream, and those that {@link Feedback#closeWith} feeds back. It ends by itself
     * when this stream has ended and no record is in the loop any more.
     *
     * @param name of the loop, unique among the operators of the job
     */
    Feedback<T> feedback(String name);

    /** Brings the records back to the caller. More than {@code sage.collect.max-records} fail the job. */
    Results<T> collect();

    /** Prints each record on a line of standard output. */
    default StreamEnd print() {
        return print("");
    }

    /** As {@link #print()}, each line after this prefix. */
    StreamEnd print(String prefix);

    /** Names the operator that makes this stream; unique within the job. */
    DataStream<T> name(String name);

    /** Sets the parallelism of the operator that makes this stream, 1 to {@code sage.job.max-parallelism}. */
    DataStream<T> parallelism(int instances);

    /**
     * What the operator that makes this stream does with a record for which its function throws, or the {@code keyBy}
     * function in front of it.
     */
    DataStream<T> onError(ErrorPolicy policy);
}
