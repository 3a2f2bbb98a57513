package dev.sage.runtime.core.source;

/**
 * When the records of a rate are due. Each one's time is computed from the start and its number, in whole numbers, so that
 * no error adds up, however irregularly it is asked. Of what is late no more than a given time is made up for.
 */
public final class Pace {
    private final long records;
    private final long timeNs;
    private final int stride;
    private final long catchUpNs;
    /** The next record of this instance, counted from the one that is due at {@link #originNs}. */
    private long next;

    private long originNs;
    private boolean started;

    /**
     * For instance {@code first} of {@code stride}, which emits every {@code stride}-th record.
     *
     * @param records in {@code timeNs}, of which there are not fewer; their product is at most 10^18
     * @param catchUpNs of lateness that is made up for
     */
    public Pace(long records, long timeNs, int first, int stride, long catchUpNs) {
        this.records = records;
        this.timeNs = timeNs;
        this.next = first;
        this.stride = stride;
        this.catchUpNs = catchUpNs;
    }

    /** How many records of this instance are due; the first question starts the clock. */
    public long due(long nowNs) {
        if (!started) {
            started = true;
            originNs = nowNs;
        }
        rebase();
        long lateNs = nowNs - nextNs();
        if (lateNs < 0) {
            return 0;
        }
        if (lateNs > catchUpNs) {
            originNs += lateNs - catchUpNs;
        }
        long last = lastDue(nowNs - originNs);
        return (last - next) / stride + 1;
    }

    /** When the next record is due. After {@link #due}. */
    public long nextNs() {
        return originNs + (next * timeNs + records - 1) / records;
    }

    public void emitted(long count) {
        next += count * stride;
    }

    /** What was missed until now is not made up for: a record that is late is due now, and the others follow from that. */
    public void restart(long nowNs) {
        if (started) {
            rebase();
            originNs += Math.max(0, nowNs - nextNs());
        }
    }

    /** Keeps the numbers small enough to be multiplied: whole rounds of {@code records} are exactly {@code timeNs} long. */
    private void rebase() {
        long rounds = next / records;
        originNs += rounds * timeNs;
        next -= rounds * records;
    }

    /** The number of the last record that is due after a time. */
    private long lastDue(long elapsedNs) {
        return elapsedNs / timeNs * records + elapsedNs % timeNs * records / timeNs;
    }
}
