package dev.sage.runtime.feed;

import dev.sage.api.JobEvent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The newest events of a job. Its readers share it and have no more than a place in it, so that a slow one holds nothing
 * up and costs no memory, and one that comes late hears what happened before.
 */
final class History {
    private final int capacity;
    /** Event {@code n} is at {@code n % capacity}. */
    private final List<JobEvent> ring = new ArrayList<>();

    private long added;

    History(int capacity) {
        this.capacity = capacity;
    }

    synchronized void add(JobEvent event) {
        if (ring.size() < capacity) {
            ring.add(event);
        } else {
            ring.set((int) (added % capacity), event);
        }
        added++;
    }

    /** A place before the first event. */
    Reader reader() {
        return new Reader();
    }

    private synchronized @Nullable JobEvent next(Reader reader) {
        long oldest = added - ring.size();
        if (reader.read < oldest) {
            long missed = oldest - reader.read;
            reader.read = oldest;
            return new JobEvent.Missed(ring.get((int) (oldest % capacity)).at(), missed);
        }
        return reader.read == added ? null : ring.get((int) (reader.read++ % capacity));
    }

    /** A place in the history. */
    final class Reader {
        private long read;

        /** The next event, or how many are gone; null when there is none yet. */
        @Nullable
        JobEvent next() {
            return History.this.next(this);
        }
    }
}
