package dev.sage.api;

/**
 * Follows what a program prints, see {@link JobHandle#output}. Called by one thread at a time, on one that may block. It
 * does not hold the program up, unless it {@linkplain #holdsUp() wants to}: when more lines wait than {@code
 * sage.process.output.follow-lines}, the oldest are left out and counted; the files have them.
 */
@FunctionalInterface
public interface OutputListener {
    /**
     * One line of its output or errors, without its end; what is not UTF-8 is replaced. One of more than {@code
     * sage.process.output.line-bytes} comes in pieces.
     */
    void line(String line);

    /** So many lines were left out before the next one. */
    default void missed(long lines) {}

    /**
     * Whether the program is to wait, as it does at a full pipe, rather than that lines are left out. Then nothing is
     * missed from the moment on at which the following began. A listener that hangs holds up the program, but not its
     * end: a program that has ended, by itself or because its job is cancelled, waits for nobody. Asked once.
     */
    default boolean holdsUp() {
        return false;
    }

    /** Nothing follows: the service or command has ended for good, with its job or as a kept service. */
    default void ended() {}
}
