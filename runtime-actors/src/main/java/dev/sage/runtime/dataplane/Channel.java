package dev.sage.runtime.dataplane;

import dev.sage.runtime.core.loop.LoopProbe;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The way of an exchange from one instance to another: a ring of batches with one producer and one consumer. A batch
 * needs a credit, which taking it gives back; the end marker and the one probe that can be under way need none, for
 * there is a slot for whichever it is, but keep their places behind the batches: a loop ends when its probes are home.
 *
 * <p>Neither side ever waits here: the producer parks what it cannot send and is woken by the next credit, the consumer
 * is woken by every element. Each side first publishes its change and then looks at what the other side waits for, in
 * volatile accesses, so that one of two concurrent sides always sees the other.
 */
final class Channel implements Link {
    private final int exchange;
    private final int upstream;
    private final int credits;
    private final Tasklet producer;
    private final Tasklet consumer;
    private final AtomicReferenceArray<@Nullable Object> slots;
    private final EmptyBatches empties;

    /** Only the producer writes it. */
    private long put;
    /** Only the consumer writes it. */
    private volatile long taken;

    private volatile boolean producerWaits;

    Channel(int exchange, int upstream, int credits, int batchRecords, Tasklet producer, Tasklet consumer) {
        this.exchange = exchange;
        this.upstream = upstream;
        this.credits = credits;
        this.producer = producer;
        this.consumer = consumer;
        this.slots = new AtomicReferenceArray<>(credits + 1);
        this.empties = new EmptyBatches(exchange, batchRecords, credits);
    }

    @Override
    public Object[] emptyBatch() {
        return empties.take();
    }

    @Override
    public boolean offer(Object[] records) {
        if (put - taken >= credits) {
            producerWaits = true;
            if (put - taken >= credits) {
                return false;
            }
            producerWaits = false;
        }
        put(records);
        return true;
    }

    @Override
    public void probe(LoopProbe probe) {
        put(probe);
    }

    @Override
    public void end(int epoch) {
        if (put - taken >= slots.length()) {
            throw new IllegalStateException("exchange " + exchange + ": the channel of instance " + upstream
                    + " has no room for its end marker; it can have been sent only once.");
        }
        put(new EndMarker(exchange, upstream, epoch));
    }

    @Override
    public @Nullable Object poll() {
        long position = taken;
        int slot = slot(position);
        Object element = slots.get(slot);
        if (element != null) {
            slots.set(slot, null);
            taken = position + 1;
            if (producerWaits) {
                producerWaits = false;
                producer.wake();
            }
        }
        return element;
    }

    @Override
    public void giveBack(Object[] batch) {
        empties.give(batch);
    }

    @Override
    public boolean isDrained() {
        return put == taken;
    }

    @Override
    public boolean isEndedBy(EndMarker marker, int epoch) {
        return marker.equals(new EndMarker(exchange, upstream, epoch));
    }

    private void put(Object element) {
        slots.set(slot(put), element);
        put++;
        consumer.wake();
    }

    private int slot(long position) {
        return (int) (position % slots.length());
    }
}
