package dev.sage.runtime.process;

/**
 * Follows the output of a program, line by line; called by one thread at a time, on one that may block. It never holds the
 * program up: when it is so slow that more lines wait than {@link ProcessSettings#followLines}, the oldest are dropped and
 * counted. The files have them.
 */
public interface OutputListener {
    /** Without its end; with what is not UTF-8 replaced. */
    void line(String line);

    /** So many lines were dropped before the next one. */
    default void missed(long lines) {}

    /** Nothing follows: the program and all that shared its output have ended. Not called after the listener has closed. */
    default void ended() {}
}
