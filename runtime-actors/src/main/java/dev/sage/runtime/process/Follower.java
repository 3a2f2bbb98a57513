package dev.sage.runtime.process;

import dev.sage.api.Subscription;
import dev.sage.runtime.dataplane.BlockingThreads;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings lines to one listener, on a thread that it has only while there are some. */
final class Follower implements Subscription {
    private static final Logger log = LoggerFactory.getLogger(Follower.class);

    private final OutputListener listener;
    private final int capacity;
    private final BlockingThreads threads;
    private final Deque<String> waiting = new ArrayDeque<>();
    private long missed;
    private boolean ended;
    private boolean delivering;
    private boolean closed;

    Follower(OutputListener listener, int capacity, BlockingThreads threads) {
        this.listener = listener;
        this.capacity = capacity;
        this.threads = threads;
    }

    /** Never blocks and never calls the listener. */
    synchronized void offer(String line) {
        if (closed) {
            return;
        }
        if (waiting.size() == capacity) {
            waiting.remove();
            missed++;
        }
        waiting.add(line);
        deliverSoon();
    }

    synchronized void end() {
        ended = true;
        deliverSoon();
    }

    @Override
    public synchronized void close() {
        closed = true;
        waiting.clear();
    }

    synchronized boolean isClosed() {
        return closed;
    }

    private void deliverSoon() {
        if (delivering || closed) {
            return;
        }
        try {
            delivering = true;
            threads.submit(() -> {
                deliver();
                return true;
            });
        } catch (RejectedExecutionException environmentClosed) {
            close();
        }
    }

    private void deliver() {
        try {
            for (Runnable next = next(); next != null; next = next()) {
                next.run();
            }
        } catch (Throwable thrown) {
            log.warn("A listener of a program's output threw, and hears no more of it", thrown);
            close();
        }
    }

    private synchronized @Nullable Runnable next() {
        if (closed) {
            return null;
        }
        if (missed > 0) {
            long count = missed;
            missed = 0;
            return () -> listener.missed(count);
        }
        if (!waiting.isEmpty()) {
            String line = waiting.remove();
            return () -> listener.line(line);
        }
        if (ended) {
            closed = true;
            return listener::ended;
        }
        delivering = false;
        return null;
    }
}
