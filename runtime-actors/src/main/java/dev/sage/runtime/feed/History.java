package dev.sage.runtime.feed;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The newest of what happened, one after the other. Its readers share it and have no more than a place in it, so that a
 * slow one holds nothing up and costs no memory, and one that comes late hears what happened before.
 */
final class History<E> {

    /** What stands in the place of what is gone. */
    @FunctionalInterface
    interface Gap<E> {
        /** In front of the oldest that is still there; null for nothing. */
        @Nullable
        E of(long missed, E oldest);
    }

    private final int capacity;
    private final Gap<E> gap;
    /** Number {@code n} is at {@code n % capacity}. */
    private final List<E> ring = new ArrayList<>();

    private long added;

    History(int capacity, Gap<E> gap) {
        this.capacity = capacity;
        this.gap = gap;
    }

    synchronized void add(E event) {
        if (ring.size() < capacity) {
            ring.add(event);
        } else {
            ring.set((int) (added % capacity), event);
        }
        added++;
    }

    /** A place before the first event. */
    Reader reader() {
        return new Reader(0);
    }

    /** A place after so many events; at the end when there are fewer. */
    synchronized Reader readerAfter(long events) {
        return new Reader(Math.min(events, added));
    }

    /** Those that are still there. */
    synchronized List<E> all() {
        List<E> all = new ArrayList<>(ring.size());
        for (long number = added - ring.size(); number < added; number++) {
            all.add(ring.get((int) (number % capacity)));
        }
        return all;
    }

    /** How many there were. */
    synchronized long added() {
        return added;
    }

    private synchronized @Nullable E next(Reader reader) {
        long oldest = added - ring.size();
        if (reader.read < oldest) {
            long missed = oldest - reader.read;
            reader.read = oldest;
            return gap.of(missed, ring.get((int) (oldest % capacity)));
        }
        return reader.read == added ? null : ring.get((int) (reader.read++ % capacity));
    }

    /** A place in the history. */
    final class Reader {
        private long read;

        private Reader(long read) {
            this.read = read;
        }

        /** How many events are behind this place. */
        long read() {
            return read;
        }

        /** The next event, or how many are gone; null when there is none yet. */
        @Nullable
        E next() {
            return History.this.next(this);
        }
    }
}
