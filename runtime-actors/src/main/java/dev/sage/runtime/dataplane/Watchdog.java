package dev.sage.runtime.dataplane;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Sees to it that a user function that holds a worker's thread for long does not starve other tasks: the worker is
 * replaced, and the function named. The thread of the watchdog rests while no tasklet has a turn, and otherwise wakes
 * about once in the time that it allows.
 */
final class Watchdog implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(Watchdog.class);

    private final TaskletExecutor executor;
    private final long allowedNanos;
    private final Thread thread;
    private volatile boolean armed;
    private volatile boolean closed;

    Watchdog(TaskletExecutor executor, Duration allowed, String threadName) {
        this.executor = executor;
        this.allowedNanos = allowed.toNanos();
        this.thread = JoblessThread.of(this, threadName);
    }

    void start() {
        thread.start();
    }

    /** A turn has begun. */
    void arm() {
        if (!armed) {
            armed = true;
            LockSupport.unpark(thread);
        }
    }

    void close() {
        closed = true;
        LockSupport.unpark(thread);
    }

    Thread thread() {
        return thread;
    }

    @Override
    public void run() {
        while (!closed) {
            // Disarmed before the look, so that a turn that begins after it arms again.
            armed = false;
            long nanos = replaceOverdue();
            if (nanos == Long.MAX_VALUE) {
                if (!armed && !closed) {
                    LockSupport.park(this);
                }
            } else if (!closed) {
                armed = true;
                LockSupport.parkNanos(this, nanos);
            }
        }
    }

    /** How long until the next turn may be overdue; {@code Long.MAX_VALUE} while there is no turn. */
    private long replaceOverdue() {
        long nearest = Long.MAX_VALUE;
        for (Worker worker : executor.workers()) {
            Tasklet tasklet = worker.current();
            if (tasklet == null) {
                continue;
            }
            long left = worker.sinceNanos() + allowedNanos - System.nanoTime();
            if (left > 0) {
                nearest = Math.min(nearest, left);
            } else if (executor.replace(worker, tasklet)) {
                // Once for a task, or one with a slow function would fill the log.
                log.atLevel(tasklet.isFirstHold() ? Level.INFO : Level.DEBUG)
                        .log(
                                "{} has held a thread for more than {} ms; another thread takes its place.",
                                tasklet.holder(),
                                allowedNanos / 1_000_000);
            }
        }
        return nearest;
    }
}
