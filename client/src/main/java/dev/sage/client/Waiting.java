package dev.sage.client;

import dev.sage.api.SageException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for what a stream brings. */
final class Waiting {
    private Waiting() {}

    /**
     * What a future is completed with; empty for null, or when the time is up.
     *
     * @throws SageException that it failed with, with the stack of the one who waits
     */
    static <T> Optional<T> get(CompletableFuture<T> future, Optional<Duration> timeout) throws InterruptedException {
        try {
            return Optional.ofNullable(
                    timeout.isEmpty() ? future.get() : future.get(timeout.get().toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException late) {
            return Optional.empty();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SageException failure) {
                throw new SageException(failure.code(), String.valueOf(failure.getMessage()), failure);
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
