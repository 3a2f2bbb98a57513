package dev.sage.testkit;

import com.typesafe.config.Config;
import java.io.Closeable;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.event.LoggingAdapter;
import org.apache.pekko.testkit.ExplicitlyTriggeredScheduler;
import scala.concurrent.ExecutionContext;
import scala.concurrent.duration.FiniteDuration;

/**
 * A scheduler whose time is driven by a test, and that can be closed as the real one: what is still due then is done at
 * once, and nothing is taken any more. Without that the threads of an ended actor system would wait for a time that never
 * comes. Public, because Pekko makes it by its name.
 */
public final class ManualScheduler extends ExplicitlyTriggeredScheduler implements Closeable {
    private static final FiniteDuration REST_OF_TIME =
            FiniteDuration.fromNanos(Duration.ofDays(365).toNanos());

    private volatile boolean closed;

    public ManualScheduler(Config config, LoggingAdapter log, ThreadFactory threads) {
        super(config, log, threads);
    }

    @Override
    public Cancellable scheduleOnce(FiniteDuration delay, Runnable task, ExecutionContext executor) {
        if (closed) {
            throw new IllegalStateException("The scheduler was closed with its actor system.");
        }
        return super.scheduleOnce(delay, task, executor);
    }

    @Override
    public void close() {
        closed = true;
        timePasses(REST_OF_TIME);
    }
}
