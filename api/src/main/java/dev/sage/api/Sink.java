package dev.sage.api;

import java.io.Serializable;

/**
 * The end of a stream: takes every record, in a life of {@code open → accept… → prepare → commit | abort}.
 *
 * <p>{@code prepare} is called when the input has ended. {@code commit} follows only when <em>all</em> tasks of the job
 * have ended well, so that a job that fails leaves nothing half-written; in any other case {@code abort} is called, if
 * {@code open} was. All calls of one parallel instance come from one thread at a time. A lambda is a sink that only
 * accepts.
 */
@FunctionalInterface
public interface Sink<T> extends Serializable {
    /** Takes one record. It may block, but then holds a thread of the executor; an exception goes by the error policy. */
    void accept(T value) throws Exception;

    /** Before the first record. */
    default void open() throws Exception {}

    /** After the last record: write out what is buffered, so that {@link #commit} can hardly fail. */
    default void prepare() throws Exception {}

    /** Makes the output visible. An exception fails the job. */
    default void commit() throws Exception {}

    /** Removes what was written so far. */
    default void abort() throws Exception {}

    /** How many parallel instances may share this object; 1 for one that owns a file. */
    default int maxParallelism() {
        return Integer.MAX_VALUE;
    }
}
