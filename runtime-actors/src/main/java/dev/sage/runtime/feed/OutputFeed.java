package dev.sage.runtime.feed;

import dev.sage.api.OutputListener;
import dev.sage.api.Subscription;
import dev.sage.runtime.dataplane.BlockingThreads;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The listeners of what one service or command prints, from its first process to its last. Telling it never blocks; a
 * program that is told too fast for a listener that wants to hold it up is kept waiting by {@link #room}.
 */
public final class OutputFeed {
    /** What a listener is told. */
    private sealed interface News {}

    private record Line(String text) implements News {}

    private record Missed(long lines) implements News {}

    private record End() implements News {}

    private final String whose;
    private final int lines;
    private final BlockingThreads threads;
    private final History<News> history;
    private final Set<Delivery<?>> listeners = new LinkedHashSet<>();
    /** Of those that hold the program up. */
    private final Map<Delivery<?>, Backlog<News>> backlogs = new LinkedHashMap<>();

    private boolean ended;

    /**
     * Nothing was printed yet.
     *
     * @param whose for messages
     * @param lines how many are kept for those who come late or listen slowly
     */
    public OutputFeed(String whose, int lines, BlockingThreads threads) {
        this.whose = whose;
        this.lines = lines;
        this.threads = threads;
        this.history = new History<>(lines, (missed, oldest) -> new Missed(missed));
    }

    public synchronized void tell(String line) {
        add(new Line(line));
    }

    /** Nothing follows; later calls do nothing. */
    public synchronized void end() {
        add(new End());
        ended = true;
        listeners.clear();
        backlogs.values().forEach(Backlog::lift);
        backlogs.clear();
    }

    private void add(News news) {
        if (!ended) {
            history.add(news);
            backlogs.values().forEach(backlog -> backlog.add(news));
            listeners.forEach(Delivery::announce);
        }
    }

    /** Done while all those that hold the program up have room for more. */
    public synchronized CompletableFuture<Void> room() {
        return CompletableFuture.allOf(
                backlogs.values().stream().map(Backlog::room).toArray(CompletableFuture<?>[]::new));
    }

    public Subscription follow(OutputListener listener) {
        Delivery<News> delivery = listener.holdsUp() ? holdingUp(listener) : keepingUp(listener);
        if (!delivery.announce()) {
            delivery.deliver();
        }
        return delivery;
    }

    private synchronized Delivery<News> keepingUp(OutputListener listener) {
        Delivery<News> delivery = delivery(history.reader()::next, listener);
        if (!ended) {
            listeners.add(delivery);
        }
        return delivery;
    }

    private synchronized Delivery<News> holdingUp(OutputListener listener) {
        Backlog<News> backlog = new Backlog<>(lines);
        History<News>.Reader before = history.reader();
        for (News news = before.next(); news != null; news = before.next()) {
            backlog.add(news);
        }
        Delivery<News> delivery = delivery(backlog::next, listener);
        if (!ended) {
            listeners.add(delivery);
            backlogs.put(delivery, backlog);
        }
        return delivery;
    }

    private Delivery<News> delivery(Supplier<? extends @Nullable News> values, OutputListener listener) {
        return new Delivery<>(whose, values, news -> tell(listener, news), threads, this::remove);
    }

    private static void tell(OutputListener listener, News news) {
        if (news instanceof Line line) {
            listener.line(line.text());
        } else if (news instanceof Missed missed) {
            listener.missed(missed.lines());
        } else {
            listener.ended();
        }
    }

    private synchronized void remove(Delivery<?> delivery) {
        listeners.remove(delivery);
        Backlog<News> backlog = backlogs.remove(delivery);
        if (backlog != null) {
            backlog.lift();
        }
    }
}
