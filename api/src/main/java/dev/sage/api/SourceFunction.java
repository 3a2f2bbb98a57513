package dev.sage.api;

import java.io.Serializable;

/**
 * A source that runs until its job is stopped, or until it says {@link Next#end()}.
 *
 * <p>Called on a thread of its own, so that it may block while it waits for a record; never by two threads at once. A
 * stop or cancel interrupts that thread while it waits.
 */
@FunctionalInterface
public interface SourceFunction<T> extends Serializable {
    /** The next record; an exception fails the job. An answer of null is one. */
    Next<T> next() throws Exception;
}
