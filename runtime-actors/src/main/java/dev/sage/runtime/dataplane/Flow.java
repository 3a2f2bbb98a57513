package dev.sage.runtime.dataplane;

import dev.sage.api.ErrorCounts;

/**
 * What the operators of one task must know of each other to decide, at each record, whether to go on: whether output
 * is blocked, whether the turn is over, whether somebody wants something of the task. Plain fields, for one thread
 * works in a task at a time; only what other threads set is volatile.
 */
final class Flow {
    /** Between two looks at the clock there are at most so many records; fewer where one takes long. */
    private static final int MAX_STRIDE = 64;

    private final long quantumNanos;
    private long deadlineNanos;
    private long lookedNanos;
    private int stride = 1;
    private int left = 1;
    private boolean turnOver;

    /** Outlets that hold batches for which there was no credit. */
    int parked;
    /** Operators that stopped amid their output. */
    int cursors;
    /** Operators among them that wait for the time to try a record again. */
    int waiting;
    /** Records that are held in memory because output is blocked. */
    long heldRecords;
    /** Calls of push functions on the stack. They cannot be stopped half-way, so a turn cannot end meanwhile. */
    int pushing;
    /** The operator whose code runs, as its index in the pipeline. */
    int at;
    /** Records taken from the source or the inputs. */
    long taken;
    /** Records sent downstream or given to sinks. */
    long sent;
    /** What error policies did, see {@link dev.sage.api.ErrorCounts}. */
    long skipped;

    long retried;
    long deadLettered;

    private volatile boolean attention;
    private volatile boolean abandoned;

    Flow(long quantumNanos) {
        this.quantumNanos = quantumNanos;
    }

    void beginTurn() {
        lookedNanos = System.nanoTime();
        deadlineNanos = lookedNanos + quantumNanos;
        left = stride;
        turnOver = false;
    }

    /** Before the commands are looked at: one that comes later calls for attention again. */
    void heed() {
        attention = false;
    }

    /** From any thread: the task shall look at its commands before the next record. */
    void callForAttention() {
        attention = true;
    }

    /** From any thread: nothing that the task still does may have an effect. */
    void abandon() {
        abandoned = true;
        attention = true;
    }

    boolean isAbandoned() {
        return abandoned;
    }

    /** Before every effect on the outside. */
    void checkAlive() {
        if (abandoned) {
            throw new AbandonedException();
        }
    }

    /** Whether the head of the chain must not take another record now. */
    boolean mustStop() {
        return parked > 0 || cursors > 0 || attention || isTimeUp();
    }

    /** Whether an operator must stop amid its output; {@code outerCursors} were open when it began. */
    boolean mustHold(int outerCursors) {
        return parked > 0 || cursors > outerCursors || (pushing == 0 && (attention || isTimeUp()));
    }

    ErrorCounts errors() {
        boolean none = skipped + retried + deadLettered == 0;
        return none ? ErrorCounts.NONE : new ErrorCounts(skipped, retried, deadLettered);
    }

    /** Whether the quantum was seen to be used up. */
    boolean isTurnOver() {
        return turnOver;
    }

    private boolean isTimeUp() {
        return --left <= 0 && lookAtClock();
    }

    private boolean lookAtClock() {
        long now = System.nanoTime();
        stride = now - lookedNanos < quantumNanos / 16 ? Math.min(2 * stride, MAX_STRIDE) : 1;
        lookedNanos = now;
        turnOver = now - deadlineNanos >= 0;
        left = turnOver ? 1 : stride;
        return turnOver;
    }
}
