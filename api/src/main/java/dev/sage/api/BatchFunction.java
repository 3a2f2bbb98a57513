package dev.sage.api;

import java.io.Serializable;

/**
 * A source with an end, which it declares by {@link Next#end()}.
 *
 * <p>Called on a thread of its own, so that it may block; never by two threads at once. A stop or cancel interrupts that
 * thread when it does not return by itself.
 */
@FunctionalInterface
public interface BatchFunction<T> extends Serializable {
    /** The next record; an exception fails the job. An answer of null is one. */
    Next<T> next() throws Exception;
}
