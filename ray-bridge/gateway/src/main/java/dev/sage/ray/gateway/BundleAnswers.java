package dev.sage.ray.gateway;

import dev.sage.ray.wire.Bundle;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answers to a bundle, in an actor that runs one call at a time. One that would wait for a slow call, or that is large,
 * is told at once.
 */
final class BundleAnswers {
    /** That an answer waits for the others. */
    static final long PATIENCE_MILLIS = 5;
    /** Of answers that wait. */
    static final int HELD_BYTES = 1 << 20;

    private static final long NONE = 0;

    private final EarlyAnswers early;
    private final List<byte @Nullable []> answers = new ArrayList<>();
    private long number = NONE;
    private int told;
    private long heldBytes;
    private boolean idle = true;

    BundleAnswers(EarlyAnswers early) {
        this.early = early;
        Thread thread = new Thread(this::tellInTime, "sage-answers");
        thread.setDaemon(true);
        thread.start();
    }

    synchronized void begin(long bundle) {
        number = bundle;
        if (idle) {
            idle = false;
            notifyAll();
        }
    }

    synchronized void add(byte[] answer) {
        answers.add(answer);
        heldBytes += answer.length;
        if (heldBytes > HELD_BYTES) {
            tell();
        }
    }

    synchronized byte[] end() {
        byte[] written = Bundle.answered(answers);
        number = NONE;
        answers.clear();
        told = 0;
        heldBytes = 0;
        return written;
    }

    private synchronized void tellInTime() {
        try {
            while (true) {
                while (number == NONE) {
                    idle = true;
                    wait();
                }
                long seen = number;
                wait(PATIENCE_MILLIS);
                if (number == seen) {
                    tell();
                }
            }
        } catch (InterruptedException userCode) {
            Thread.currentThread().interrupt();
        }
    }

    private void tell() {
        for (; told < answers.size(); told++) {
            byte[] answer = answers.get(told);
            if (answer != null) {
                if (!early.tell(number, told, answer)) {
                    return;
                }
                answers.set(told, null);
                heldBytes -= answer.length;
            }
        }
    }
}
