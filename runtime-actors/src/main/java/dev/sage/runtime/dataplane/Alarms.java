package dev.sage.runtime.dataplane;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Wakes tasklets at a time, for those that wait without a thread. Its own thread is started by the first alarm. */
final class Alarms implements AutoCloseable {
    private final ScheduledThreadPoolExecutor timer;

    Alarms(String threadName) {
        timer = new ScheduledThreadPoolExecutor(
                1,
                body -> {
                    Thread thread = new Thread(body, threadName);
                    thread.setDaemon(true);
                    return thread;
                },
                // After the close: the tasklets have no more turns.
                new ThreadPoolExecutor.DiscardPolicy());
        timer.setRemoveOnCancelPolicy(true);
    }

    Future<?> set(Tasklet tasklet, long delayNanos) {
        return timer.schedule(tasklet::wake, delayNanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    boolean awaitEnd(Duration time) throws InterruptedException {
        return timer.awaitTermination(Math.max(1, time.toNanos()), TimeUnit.NANOSECONDS);
    }
}
