package dev.sage.runtime.feed;

import dev.sage.api.OutputListener;
import dev.sage.api.Subscription;
import dev.sage.runtime.dataplane.BlockingThreads;
import java.util.LinkedHashSet;
import java.util.Set;

/** The listeners of what one service or command prints, from its first process to its last. Never keeps a program waiting. */
public final class OutputFeed {
    /** What a listener is told. */
    private sealed interface News {}

    private record Line(String text) implements News {}

    private record Missed(long lines) implements News {}

    private record End() implements News {}

    private final String whose;
    private final BlockingThreads threads;
    private final History<News> history;
    private final Set<Delivery<?>> listeners = new LinkedHashSet<>();
    private boolean ended;

    /**
     * Nothing was printed yet.
     *
     * @param whose for messages
     * @param lines how many are kept for those who come late or listen slowly
     */
    public OutputFeed(String whose, int lines, BlockingThreads threads) {
        this.whose = whose;
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
    }

    private void add(News news) {
        if (!ended) {
            history.add(news);
            listeners.forEach(Delivery::announce);
        }
    }

    public Subscription follow(OutputListener listener) {
        Delivery<News> delivery =
                new Delivery<>(whose, history.reader()::next, news -> tell(listener, news), threads, this::remove);
        synchronized (this) {
            if (!ended) {
                listeners.add(delivery);
            }
        }
        if (!delivery.announce()) {
            delivery.deliver();
        }
        return delivery;
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
    }
}
