package dev.sage.runtime.dataplane;

import org.jspecify.annotations.Nullable;

/**
 * Lets an interrupt through to a thread only while that thread is inside the code of this gate's owner. A late
 * interrupt would hit what the thread does next, for somebody else; one that comes during a call into a shared
 * service waits until the call has returned (see {@link UninterruptibleSection}).
 */
final class InterruptGate {
    private static final ThreadLocal<InterruptGate> CURRENT = new ThreadLocal<>();

    private @Nullable Thread inside;
    private int sections;
    private boolean deferred;

    /** The gate that the calling thread is inside of. */
    static @Nullable InterruptGate current() {
        return CURRENT.get();
    }

    synchronized void enter() {
        inside = Thread.currentThread();
        sections = 0;
        deferred = false;
        CURRENT.set(this);
    }

    synchronized void exit() {
        inside = null;
        CURRENT.remove();
        Thread.interrupted();
    }

    synchronized void interrupt() {
        if (inside == null) {
            return;
        }
        if (sections > 0) {
            deferred = true;
        } else {
            inside.interrupt();
        }
    }

    synchronized void beginSection() {
        if (sections++ == 0 && Thread.interrupted()) {
            deferred = true;
        }
    }

    synchronized void endSection() {
        if (--sections == 0 && deferred) {
            deferred = false;
            Thread.currentThread().interrupt();
        }
    }
}
