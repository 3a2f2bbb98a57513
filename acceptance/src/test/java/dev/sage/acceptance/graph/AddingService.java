package dev.sage.acceptance.graph;

import dev.sage.api.Service;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * The service of a random graph's job. Its clean-up takes a moment, so that whoever does not wait for it is found out.
 */
final class AddingService implements Service, Adder {
    private static final long CLEANUP_NS = Duration.ofMillis(1).toNanos();

    private volatile boolean running;
    private volatile boolean cleaned;

    boolean isCleaned() {
        return cleaned;
    }

    @Override
    public long add(long left, long right) {
        if (!running) {
            throw new IllegalStateException("The service was called while it did not run.");
        }
        return left + right;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
    }

    @Override
    public void cleanup() {
        LockSupport.parkNanos(CLEANUP_NS);
        cleaned = true;
    }
}
