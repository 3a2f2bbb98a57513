package dev.sage.runtime.dataplane;

import dev.sage.api.TaskReport;

/**
 * One parallel instance of a chain, as its Task actor controls it. Every method may be called from any thread, does not
 * block, runs no user code on the caller's thread, and does nothing when it comes again or too late.
 */
public interface TaskControl {
    /** For example {@code flat-map/0}: the chain's name and the instance. */
    String name();

    boolean isSource();

    /** Begins to work; at most once. */
    void start(TaskListener listener);

    /** Holds a source after the record it is at; nothing for other tasks. */
    void pause();

    void resume();

    /** Ends a source as if it had no more records; nothing for other tasks. */
    void stopSource();

    /** After {@link TaskListener#ended}: commits or aborts the sinks; {@link TaskListener#closed} follows. */
    void finish(boolean commit);

    /**
     * Ends the task between two batches: input and output are dropped, sinks aborted; {@link TaskListener#closed}
     * follows.
     */
    void cancel();

    /** Interrupts the user code that is running for this task now, if any; never anything else. */
    void interrupt();

    /**
     * Gives the task up while user code does not return: its thread is replaced, and whatever it still does has no
     * effect. {@link TaskListener#closed} does not follow.
     */
    void abandon();

    /** Counts of the moment; the final ones once the task has closed. */
    TaskReport report();
}
