package dev.sage.api;

import java.io.Serializable;

/**
 * Folds the records of one key into an accumulator, and the accumulator into a result at the end of the stream.
 *
 * @param <T> the records
 * @param <A> the accumulator; may be mutable, it never leaves its key
 * @param <R> the result
 * @see Aggregators
 */
public interface Aggregator<T, A, R> extends Serializable {
    /** A new accumulator, called at the first record of a key. */
    A create() throws Exception;

    /** Adds one record; answers the accumulator to go on with, which may be the one given. */
    A add(A accumulator, T value) throws Exception;

    /** What is emitted for the key: called once when the stream has ended, or after each record by a scan. */
    R result(A accumulator) throws Exception;
}
