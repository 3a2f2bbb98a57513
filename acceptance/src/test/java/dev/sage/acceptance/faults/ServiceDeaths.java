package dev.sage.acceptance.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.api.JobEvent;
import dev.sage.api.ServiceContext;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The instances of the service, which die at the test's word. */
final class ServiceDeaths {
    static final IOException CAUSE = new IOException("connection lost");
    private static final int BOUND_SECONDS = 20;

    private final AtomicInteger made = new AtomicInteger();
    private final CountDownLatch restarted = new CountDownLatch(1);
    private final CountDownLatch served = new CountDownLatch(1);
    private volatile @Nullable ServiceContext context;

    /** The number of the new instance, from 1. */
    int made() {
        return made.incrementAndGet();
    }

    void initialized(ServiceContext given) {
        context = given;
    }

    void served(int number) {
        if (number > 1) {
            served.countDown();
        }
    }

    void heard(JobEvent event) {
        if (event instanceof JobEvent.ServiceRestarted) {
            restarted.countDown();
        }
    }

    /** Of the instance that was made last. */
    void die() {
        Objects.requireNonNull(context).failed(CAUSE);
    }

    void awaitRestarted() throws InterruptedException {
        assertThat(restarted.await(BOUND_SECONDS, TimeUnit.SECONDS))
                .as("runs again")
                .isTrue();
    }

    /** Until the instance that replaces the first has answered a call. */
    void awaitServed() throws InterruptedException {
        assertThat(served.await(BOUND_SECONDS, TimeUnit.SECONDS))
                .as("serves again")
                .isTrue();
    }
}
