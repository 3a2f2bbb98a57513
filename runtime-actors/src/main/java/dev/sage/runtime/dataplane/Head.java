package dev.sage.runtime.dataplane;

/**
 * Where the records of a task come from: a source, or the inputs. Gives them to the first stage for as long as the
 * {@link Flow} allows. What is not said to be for any thread belongs to the thread that has the task's turn.
 */
abstract class Head {
    /** Why no more records came. */
    enum Step {
        /** The flow must stop. */
        HELD,
        /** There is nothing at the moment; the tasklet is woken when there is. */
        DRY,
        /** There will be nothing more. */
        ENDED
    }

    abstract Step step();

    /** Whether it took records that it has not given to the first stage, or their results. */
    boolean holdsRecords() {
        return false;
    }

    void open() {}

    /** Begins to give up what it holds; false while code of the user still runs, and then the tasklet is woken. */
    boolean close() {
        return true;
    }

    /** From any thread: no more records, as if there were none. */
    void stop() {}

    /** From any thread. */
    void pause() {}

    /** From any thread. */
    void resume() {}

    /** From any thread: interrupts the code of the user that runs on other threads than that of the turn. */
    void interrupt() {}

    /** From any thread: drops all records from now on. */
    void abandon() {}

    long bytesRead() {
        return 0;
    }

    long bytesTotal() {
        return 0;
    }
}
