package dev.sage.testkit;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A place where code under test waits until the test lets it go on, so that a test can act at an exact moment: while a
 * service starts, or while a function is at a certain record.
 */
public final class Gate implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String place;
    private final Interrupts interrupts;
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch open = new CountDownLatch(1);

    private Gate(String place, Interrupts interrupts) {
        this.place = place;
        this.interrupts = interrupts;
    }

    /**
     * A gate that nobody has come to.
     *
     * @param place for messages, for example {@code "start of index"}
     */
    public static Gate closed(String place) {
        return closed(place, Interrupts.HONOURED);
    }

    /** As {@link #closed(String)}, with the choice of how whoever waits there answers an interrupt. */
    public static Gate closed(String place, Interrupts interrupts) {
        return new Gate(place, interrupts);
    }

    /** For the code under test: blocks until the gate is opened. */
    public void pass() throws InterruptedException {
        if (interrupts == Interrupts.IGNORED) {
            passUninterruptibly();
        } else {
            await();
        }
    }

    private void await() throws InterruptedException {
        reached.countDown();
        open.await();
    }

    /** For the code under test: blocks until the gate is opened, deaf to interrupts, as some user code is. */
    public void passUninterruptibly() {
        boolean interrupted = false;
        while (true) {
            try {
                await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Blocks until somebody has come to the gate.
     *
     * @throws AssertionError when nobody came within 30 s
     */
    public void awaitReached() throws InterruptedException {
        if (!reached.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("Nobody came to the gate '" + place + "' within " + PATIENCE + ".");
        }
    }

    /** Whether somebody has come to the gate, who may have gone on since. */
    public boolean isReached() {
        return reached.getCount() == 0;
    }

    /** Lets all pass, now and later. */
    public void open() {
        open.countDown();
    }

    /** As {@link #open}. */
    @Override
    public void close() {
        open();
    }

    @Override
    public String toString() {
        return "gate '" + place + "'";
    }
}
