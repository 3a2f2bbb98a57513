package dev.sage.runtime.service;

import java.util.concurrent.TimeUnit;

/** Whether a service lets calls in now, and where they wait while it is to come or to come back. A closed door stays closed. */
final class ServiceDoor {
    enum Sign {
        /** It has not been started; calls are refused. */
        NOT_YET,
        /** It is being started because it was called; calls wait. */
        STARTING,
        OPEN,
        /** It died, and another instance is being made. */
        RESTARTING,
        CLOSED
    }

    private volatile Sign sign;

    ServiceDoor(Sign sign) {
        this.sign = sign;
    }

    Sign sign() {
        return sign;
    }

    synchronized void open() {
        turn(Sign.OPEN);
    }

    /** Until the next instance opens it. */
    synchronized void hold() {
        if (sign == Sign.OPEN) {
            turn(Sign.RESTARTING);
        }
    }

    synchronized void close() {
        turn(Sign.CLOSED);
    }

    /** Blocks while it shows this sign, at most for this time; answers what it shows then. */
    synchronized Sign awaitChange(Sign shown, long nanos) throws InterruptedException {
        long deadlineNs = System.nanoTime() + nanos;
        long left = nanos;
        while (sign == shown && left > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
            left = deadlineNs - System.nanoTime();
        }
        return sign;
    }

    private void turn(Sign to) {
        if (sign != Sign.CLOSED) {
            sign = to;
            notifyAll();
        }
    }
}
