package dev.sage.runtime.dataplane;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Threads for code that may block: as many as there are calls, virtual ones where the JVM has them. A bounded pool
 * would let one user's blocked calls hold up another's, up to a deadlock.
 */
public final class BlockingThreads implements AutoCloseable {
    private final Set<BlockingCall<?>> running = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads;

    private BlockingThreads(ExecutorService threads) {
        this.threads = threads;
    }

    /** With threads that are named {@code sage-{environment}-blocking-N}. */
    public static BlockingThreads create(String environment) {
        String prefix = "sage-" + environment + "-blocking-";
        ExecutorService virtual = virtualThreads(prefix);
        return new BlockingThreads(virtual == null ? Executors.newCachedThreadPool(daemons(prefix)) : virtual);
    }

    /**
     * Runs a body on a thread of its own. Does not wait.
     *
     * @throws RejectedExecutionException after {@link #close}
     */
    public <T> BlockingCall<T> submit(Callable<T> body) {
        BlockingCall<T> call = new BlockingCall<>(body);
        running.add(call);
        try {
            threads.execute(() -> {
                try {
                    call.run();
                } finally {
                    running.remove(call);
                }
            });
        } catch (RejectedExecutionException closed) {
            running.remove(call);
            throw closed;
        }
        return call;
    }

    /** Takes no more calls, and interrupts those that run. Does not wait for them; closing twice does nothing. */
    @Override
    public void close() {
        threads.shutdown();
        running.forEach(BlockingCall::interrupt);
    }

    /** After {@link #close}: waits until all threads have ended; false when some have not within the time. */
    public boolean awaitEnd(Duration time) throws InterruptedException {
        return threads.awaitTermination(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    private static ThreadFactory daemons(String prefix) {
        AtomicLong number = new AtomicLong();
        return body -> JoblessThread.of(body, prefix + number.getAndIncrement());
    }

    /** By reflection, for Sage is compiled for Java 17, where virtual threads do not exist. */
    private static @Nullable ExecutorService virtualThreads(String prefix) {
        try {
            Class<?> builderType = Class.forName("java.lang.Thread$Builder");
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            Object named =
                    builderType.getMethod("name", String.class, long.class).invoke(builder, prefix, 0L);
            Object factory = builderType.getMethod("factory").invoke(named);
            return (ExecutorService) Executors.class
                    .getMethod("newThreadPerTaskExecutor", ThreadFactory.class)
                    .invoke(null, factory);
        } catch (ReflectiveOperationException noVirtualThreads) {
            return null;
        }
    }
}
