package dev.sage.acceptance.graph;

import java.io.Serializable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * How slow a user function is: every so many records it parks for a while, so that buffers before it run full.
 *
 * @param every 0 for never
 * @param pauseNs at most a tenth of a millisecond
 */
record Pace(int every, int pauseNs, AtomicLong count) implements Serializable {
    static final Pace FULL_SPEED = new Pace(0, 0, new AtomicLong());

    static Pace pausing(int every, int pauseNs) {
        return new Pace(every, pauseNs, new AtomicLong());
    }

    long keep(long value) {
        if (every > 0 && count.incrementAndGet() % every == 0) {
            LockSupport.parkNanos(pauseNs);
        }
        return value;
    }

    @Override
    public String toString() {
        return every == 0 ? "" : ", pauses " + pauseNs / 1000 + " µs every " + every;
    }
}
