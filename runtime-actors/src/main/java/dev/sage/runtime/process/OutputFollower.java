package dev.sage.runtime.process;

import java.util.concurrent.CompletableFuture;

/** Hears what a program prints. */
@FunctionalInterface
public interface OutputFollower {
    /** Must be quick. */
    void line(String line);

    /** Until this is done the program is not read any further, and waits when its pipe is full. Must be quick. */
    default CompletableFuture<?> room() {
        return CompletableFuture.completedFuture(null);
    }
}
