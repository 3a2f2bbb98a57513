package dev.sage.runtime.feed;

import dev.sage.api.Subscription;
import dev.sage.runtime.dataplane.BlockingThreads;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A numbered sequence that can be followed from any place in it. Telling it never blocks; whoever falls more than its
 * capacity behind misses the oldest, which the numbers show.
 */
public final class Feed<E> {
    private final String whose;
    private final BlockingThreads threads;
    private final History<E> history;
    private final Set<Delivery<?>> followers = new LinkedHashSet<>();
    private boolean ended;

    /** Hears one call at a time, on a thread that may block. */
    public interface Follower<E> {
        /**
         * The next value.
         *
         * @param number from 1 on
         */
        void next(long number, E value);

        /** So many before the next one are gone. */
        void missed(long count);

        /** Nothing follows. */
        void end();
    }

    /**
     * What a feed has at a moment.
     *
     * @param before how many were told before these
     */
    public record Kept<E>(long before, List<E> values) {}

    /**
     * What there is at the moment, or the end.
     *
     * @param missed negative for the end
     */
    private record News<E>(long number, @Nullable E value, long missed) {}

    /**
     * Nothing was told yet.
     *
     * @param whose for messages
     * @param capacity how many are kept for those who come late or are slow
     */
    public Feed(String whose, int capacity, BlockingThreads threads) {
        this.whose = whose;
        this.threads = threads;
        // A gap stands for itself: the oldest is read after it.
        this.history = new History<>(capacity, (missed, oldest) -> null);
    }

    /** Does nothing after the end. */
    public synchronized void tell(E value) {
        if (!ended) {
            history.add(value);
            followers.forEach(Delivery::announce);
        }
    }

    public synchronized void end() {
        ended = true;
        followers.forEach(Delivery::announce);
        followers.clear();
    }

    /** Those that are still there, the oldest first. */
    public List<E> all() {
        return history.all();
    }

    /** Those that are still there, and their place. */
    public synchronized Kept<E> kept() {
        List<E> values = history.all();
        return new Kept<>(history.added() - values.size(), values);
    }

    /** How many were told. */
    public long size() {
        return history.added();
    }

    /** Tells those after the one of this number, and those to come. */
    public Subscription follow(long after, Follower<? super E> follower) {
        return follow(new Reading(history.readerAfter(Math.max(0, after)), false), follower);
    }

    /** Tells those to come; before them, and at once, that all there were are missed, even if there were none. */
    public Subscription followFromNow(Follower<? super E> follower) {
        return follow(new Reading(history.readerAfter(Long.MAX_VALUE), true), follower);
    }

    private Subscription follow(Reading reading, Follower<? super E> follower) {
        Delivery<News<E>> delivery =
                new Delivery<>(whose, reading::next, news -> tell(follower, news), threads, this::remove);
        synchronized (this) {
            if (!ended) {
                followers.add(delivery);
            }
        }
        if (!delivery.announce()) {
            delivery.deliver();
        }
        return delivery;
    }

    private static <E> void tell(Follower<? super E> follower, News<E> news) {
        E value = news.value();
        if (value != null) {
            follower.next(news.number(), value);
        } else if (news.missed() >= 0) {
            follower.missed(news.missed());
        } else {
            follower.end();
        }
    }

    private synchronized void remove(Delivery<?> delivery) {
        followers.remove(delivery);
    }

    private final class Reading {
        private final History<E>.Reader reader;
        private boolean fromNow;
        private boolean endTold;

        Reading(History<E>.Reader reader, boolean fromNow) {
            this.reader = reader;
            this.fromNow = fromNow;
        }

        @Nullable
        News<E> next() {
            synchronized (Feed.this) {
                long before = reader.read();
                if (fromNow) {
                    fromNow = false;
                    return new News<>(0, null, before);
                }
                E value = reader.next();
                if (value != null) {
                    return new News<>(reader.read(), value, 0);
                }
                if (reader.read() > before) {
                    return new News<>(0, null, reader.read() - before);
                }
                if (!ended || endTold) {
                    return null;
                }
                endTold = true;
                return new News<>(0, null, -1);
            }
        }
    }
}
