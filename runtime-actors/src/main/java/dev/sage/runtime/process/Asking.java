package dev.sage.runtime.process;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * Pauses between two looks at what tells nobody of its changes: a process that is not our child, a foreign server. They
 * begin short and grow with the time that has passed, so that a change is seen at most half as long again after it came,
 * up to a tenth of a second.
 */
final class Asking {
    private static final long FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final long end;
    private final CompletableFuture<?> news;
    private long pause = FIRST_NANOS;

    Asking(Duration bound) {
        this(bound, new CompletableFuture<>());
    }

    /** @param news ends a pause when it completes */
    Asking(Duration bound, CompletableFuture<?> news) {
        this.end = System.nanoTime() + bound.toNanos();
        this.news = news;
    }

    /** Waits; false, at once, when the time is up. */
    boolean again() throws InterruptedException {
        long left = end - System.nanoTime();
        if (left <= 0) {
            return false;
        }
        pause(Math.min(left, pause));
        pause = Math.min(LONGEST_NANOS, pause + pause / 2);
        return true;
    }

    Duration left() {
        return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    }

    private void pause(long nanos) throws InterruptedException {
        if (news.isDone()) {
            LockSupport.parkNanos(this, nanos);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            return;
        }
        try {
            news.get(nanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException goOn) {
            // Whoever asks looks again now.
        }
    }
}
