package dev.sage.runtime.service;

import dev.sage.api.Service;
import dev.sage.api.ServiceContext;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One object of a service with what is known of its life. Its stop and its clean-up run once, whoever calls for them. The
 * turns of its calls are its own, so that a hung call of an earlier object holds nobody up.
 */
final class ServiceInstance {
    /** From 1; a service that is restarted has several, one after the other. */
    final int number;

    final ServiceMethods methods;
    private final Service service;
    private final int concurrency;
    private final Semaphore turns;
    private final AtomicBoolean stopCalled = new AtomicBoolean();
    private final AtomicBoolean cleanUpCalled = new AtomicBoolean();
    private final AtomicReference<@Nullable Throwable> death = new AtomicReference<>();
    private volatile boolean initialized;
    private volatile boolean wasRunning;
    private volatile boolean cleanUpCompleted;

    ServiceInstance(int number, String name, Service service, int concurrency) {
        this.number = number;
        this.service = service;
        this.methods = new ServiceMethods(name, service);
        this.concurrency = concurrency;
        this.turns = new Semaphore(concurrency, true);
    }

    void init(ServiceContext context) throws Exception {
        service.init(context);
        throwDeath();
        initialized = true;
    }

    void start() throws Exception {
        service.start();
        wasRunning = true;
        throwDeath();
    }

    /** What it said itself before it ran is as if its method had thrown it. */
    private void throwDeath() throws Exception {
        Throwable cause = death.get();
        if (cause instanceof Error error) {
            throw error;
        }
        if (cause instanceof Exception exception) {
            throw exception;
        }
        if (cause != null) {
            throw new IllegalStateException(cause);
        }
    }

    /** False when it has died before. */
    boolean died(Throwable cause) {
        return death.compareAndSet(null, cause);
    }

    @Nullable
    Throwable death() {
        return death.get();
    }

    boolean takeTurn(long nanos) throws InterruptedException {
        return turns.tryAcquire() || turns.tryAcquire(nanos, TimeUnit.NANOSECONDS);
    }

    void giveTurnBack() {
        turns.release();
    }

    Service service() {
        return service;
    }

    /** Waits, bounded, for the running calls before it stops the object. */
    void stop(Duration callsEndWithin) throws Exception {
        if (!stopCalled.compareAndSet(false, true)) {
            return;
        }
        boolean quiet = turns.tryAcquire(concurrency, callsEndWithin.toNanos(), TimeUnit.NANOSECONDS);
        try {
            service.stop();
        } finally {
            if (quiet) {
                turns.release(concurrency);
            }
        }
    }

    void cleanUp() throws Exception {
        if (cleanUpCalled.compareAndSet(false, true)) {
            service.cleanup();
            cleanUpCompleted = true;
        }
    }

    boolean isInitialized() {
        return initialized;
    }

    boolean wasRunning() {
        return wasRunning;
    }

    boolean isCleanUpCalled() {
        return cleanUpCalled.get();
    }

    boolean isCleanUpCompleted() {
        return cleanUpCompleted;
    }
}
