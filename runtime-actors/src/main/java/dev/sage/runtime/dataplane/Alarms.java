package dev.sage.runtime.dataplane;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Wakes tasklets after a time. Its one thread, which does nothing else, exists only once it is needed. */
final class Alarms {
    private final ScheduledThreadPoolExecutor timer;

    Alarms(String threadName) {
        timer = new ScheduledThreadPoolExecutor(
                1,
                body -> JoblessThread.of(body, threadName),
                // After the close nobody has to be woken.
                new ThreadPoolExecutor.DiscardPolicy());
        timer.setRemoveOnCancelPolicy(true);
    }

    Future<?> wakeAfter(Tasklet tasklet, long nanos) {
        return timer.schedule(tasklet::wake, nanos, TimeUnit.NANOSECONDS);
    }

    void close() {
        timer.shutdownNow();
    }

    boolean awaitEnd(Duration time) throws InterruptedException {
        return timer.awaitTermination(time.toNanos(), TimeUnit.NANOSECONDS);
    }
}
