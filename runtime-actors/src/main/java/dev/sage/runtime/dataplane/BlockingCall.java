package dev.sage.runtime.dataplane;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One call of code that may block, on a thread of {@link BlockingThreads}. Unlike a {@code Future} it cannot be
 * cancelled away from under its thread: it has ended when its code has returned, and not before.
 */
public final class BlockingCall<T> {
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private final InterruptGate gate = new InterruptGate();
    private final Callable<T> body;
    /** Of whoever asked for the call. */
    private final @Nullable ClassLoader loader;

    private volatile boolean interrupted;

    BlockingCall(Callable<T> body) {
        this.body = body;
        this.loader = ContextLoader.current();
    }

    /** Completed on the call's thread, with exactly what the code threw where it threw. */
    public CompletionStage<T> result() {
        return result.minimalCompletionStage();
    }

    /** Whether the code has returned or thrown. */
    public boolean hasEnded() {
        return result.isDone();
    }

    /** Interrupts the code if it runs, as soon as it runs if it does not yet; never what its thread does afterwards. */
    public void interrupt() {
        interrupted = true;
        gate.interrupt();
    }

    void run() {
        ClassLoader before = ContextLoader.swap(loader);
        try {
            runBody();
        } finally {
            ContextLoader.swap(before);
        }
    }

    private void runBody() {
        gate.enter();
        if (interrupted) {
            gate.interrupt();
        }
        T value;
        try {
            value = body.call();
        } catch (Throwable failure) {
            gate.exit();
            result.completeExceptionally(failure);
            return;
        }
        gate.exit();
        result.complete(value);
    }
}
