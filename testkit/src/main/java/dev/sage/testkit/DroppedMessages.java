package dev.sage.testkit;

import java.util.concurrent.atomic.AtomicInteger;

/** Messages of one kind, lost since {@link Faults#dropMessages} and until this is closed. */
public final class DroppedMessages implements AutoCloseable {
    private final MessageKind kind;
    private final AtomicInteger count = new AtomicInteger();
    private volatile boolean closed;

    DroppedMessages(MessageKind kind) {
        this.kind = kind;
    }

    /** How many were lost so far; a test whose fault never struck proves nothing. */
    public int count() {
        return count.get();
    }

    boolean takes(Object message) {
        boolean taken = !closed && kind.matches(message);
        if (taken) {
            count.incrementAndGet();
        }
        return taken;
    }

    /** From now on they arrive again. */
    @Override
    public void close() {
        closed = true;
    }

    @Override
    public String toString() {
        return count + " dropped messages " + kind;
    }
}
