package dev.sage.runtime.dataplane;

import dev.sage.runtime.core.loop.LoopProbe;
import org.jspecify.annotations.Nullable;

/** A way from one instance to another, with one producer and one consumer. What goes in comes out in the same order. */
interface Link {
    /** A batch to fill, every slot of it empty; for the producer. */
    Object[] emptyBatch();

    /** Sends a batch; false when there is no room now, and then the producer is woken when there is. */
    boolean offer(Object[] records);

    /** Sends a probe; every batch must have been sent. */
    void probe(LoopProbe probe);

    /** Sends the end marker; every batch must have been sent. */
    void end(int epoch);

    /** The next batch, probe or end marker; null when there is none at the moment. */
    @Nullable
    Object poll();

    /** Takes a batch back that the consumer has read to its end, and every slot of which it has cleared. */
    void giveBack(Object[] batch);

    /** Whether the consumer has taken everything; for the producer. */
    boolean isDrained();

    /** Whether this marker ends this link in this epoch. */
    boolean isEndedBy(EndMarker marker, int epoch);
}
