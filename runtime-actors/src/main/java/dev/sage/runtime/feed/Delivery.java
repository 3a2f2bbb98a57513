package dev.sage.runtime.feed;

import dev.sage.api.Subscription;
import dev.sage.runtime.dataplane.BlockingThreads;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings values to one listener, one at a time, on a thread that it has only while there are some. Whoever has news only
 * says so; what there is the delivery fetches itself when the listener is ready for it.
 */
final class Delivery<T> implements Subscription {
    private static final Logger log = LoggerFactory.getLogger(Delivery.class);

    private final String whose;
    private final Supplier<? extends @Nullable T> values;
    private final Consumer<? super T> listener;
    private final BlockingThreads threads;
    private final Consumer<Delivery<?>> onClose;
    /** How often news were announced since the delivery last had nothing to do; a thread delivers while it is not 0. */
    private final AtomicInteger announced = new AtomicInteger();

    private volatile boolean closed;

    /** @param values answers null when there is nothing at the moment */
    Delivery(
            String whose,
            Supplier<? extends @Nullable T> values,
            Consumer<? super T> listener,
            BlockingThreads threads,
            Consumer<Delivery<?>> onClose) {
        this.whose = whose;
        this.values = values;
        this.listener = listener;
        this.threads = threads;
        this.onClose = onClose;
    }

    /** There are values. Never blocks and never calls the listener; false when there are no more threads for it. */
    boolean announce() {
        if (announced.getAndIncrement() > 0) {
            return true;
        }
        try {
            threads.submit(() -> {
                deliver();
                return true;
            });
            return true;
        } catch (RejectedExecutionException environmentClosed) {
            return false;
        }
    }

    /** Calls the listener with all values that there are. */
    void deliver() {
        int known;
        do {
            known = announced.get();
            T value = values.get();
            while (value != null && !closed) {
                call(value);
                value = values.get();
            }
        } while (announced.addAndGet(-known) > 0);
    }

    private void call(T value) {
        try {
            listener.accept(value);
        } catch (Throwable thrown) {
            log.warn("A listener of {} threw, and hears no more of it", whose, thrown);
            close();
        }
    }

    @Override
    public void close() {
        closed = true;
        onClose.accept(this);
    }
}
