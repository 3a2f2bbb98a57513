package dev.sage.runtime.feed;

import dev.sage.api.JobEvent;
import dev.sage.api.JobProgress;
import dev.sage.api.Subscription;
import dev.sage.runtime.dataplane.BlockingThreads;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The listeners of one job. Told by the job's actors, which it never keeps waiting; listeners come from any thread. */
public final class JobFeed {

    /** Runs something again and again, until the answer is run. Must not call it before it returns. */
    @FunctionalInterface
    public interface Ticker {
        Runnable start(Runnable tick);
    }

    private final String job;
    private final BlockingThreads threads;
    private final Supplier<JobProgress> progress;
    private final Ticker ticker;
    private final History<JobEvent> history;
    private final Set<Delivery<?>> events = new LinkedHashSet<>();
    private final Map<Delivery<?>, AtomicReference<@Nullable JobProgress>> newest = new LinkedHashMap<>();
    private @Nullable Runnable stopTicking;
    private boolean ended;

    /**
     * Nobody listens yet.
     *
     * @param job its id, for messages
     * @param eventHistory how many events are kept
     * @param progress the progress at the moment; does not block
     * @param ticker runs only while somebody listens to the progress
     */
    public JobFeed(
            String job, int eventHistory, BlockingThreads threads, Supplier<JobProgress> progress, Ticker ticker) {
        this.job = job;
        this.threads = threads;
        this.progress = progress;
        this.ticker = ticker;
        this.history = new History<>(eventHistory, (missed, oldest) -> new JobEvent.Missed(oldest.at(), missed));
    }

    public synchronized void tell(JobEvent event) {
        history.add(event);
        events.forEach(Delivery::announce);
    }

    /** The last event was told, and the progress will not change any more. */
    public synchronized void end() {
        ended = true;
        tick();
        events.clear();
        newest.clear();
        stopTickingWithoutListeners();
    }

    public Subscription events(Consumer<? super JobEvent> listener) {
        Delivery<JobEvent> delivery =
                new Delivery<>("job " + job, history.reader()::next, listener, threads, this::remove);
        synchronized (this) {
            if (!ended) {
                events.add(delivery);
            }
        }
        return begun(delivery);
    }

    public Subscription progress(Consumer<? super JobProgress> listener) {
        AtomicReference<@Nullable JobProgress> latest = new AtomicReference<>();
        Delivery<JobProgress> delivery =
                new Delivery<>("job " + job, () -> latest.getAndSet(null), listener, threads, this::remove);
        synchronized (this) {
            latest.set(progress.get());
            if (!ended) {
                newest.put(delivery, latest);
                if (stopTicking == null) {
                    stopTicking = ticker.start(this::tick);
                }
            }
        }
        return begun(delivery);
    }

    private static Subscription begun(Delivery<?> delivery) {
        if (!delivery.announce()) {
            delivery.deliver();
        }
        return delivery;
    }

    private synchronized void tick() {
        JobProgress now = progress.get();
        newest.forEach((delivery, latest) -> {
            latest.set(now);
            delivery.announce();
        });
    }

    private synchronized void remove(Delivery<?> delivery) {
        events.remove(delivery);
        newest.remove(delivery);
        stopTickingWithoutListeners();
    }

    private void stopTickingWithoutListeners() {
        Runnable stop = stopTicking;
        if (stop != null && newest.isEmpty()) {
            stopTicking = null;
            stop.run();
        }
    }
}
