package dev.sage.runtime.dataplane;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The batches of one channel that its consumer has emptied, on their way back to its producer, so that a steady flow
 * makes no new ones. At all times a batch has one owner: the producer fills it, the channel has it, the consumer reads
 * it, or it waits here.
 *
 * <p>As many wait here as the channel has credits, and more are left to the garbage collector. As a new batch is only
 * made while none waits, a channel has never more of them than it would have without this; one at rest keeps at most
 * {@code credits} of them and the one that is being filled. Those that were sent before they were full are of their
 * own size, and do not come back.
 */
final class EmptyBatches {
    private final int exchange;
    private final int batchRecords;
    private final AtomicReferenceArray<Object @Nullable []> slots;

    /** Only the consumer uses it. */
    private long given;
    /** Only the producer uses it. */
    private long taken;

    EmptyBatches(int exchange, int batchRecords, int credits) {
        this.exchange = exchange;
        this.batchRecords = batchRecords;
        this.slots = new AtomicReferenceArray<>(credits);
    }

    /** For the consumer, which has read the batch, cleared every slot, and keeps no reference to it. */
    void give(Object[] batch) {
        int slot = slot(given);
        if (batch.length == batchRecords && slots.get(slot) == null) {
            slots.set(slot, batch);
            given++;
        }
    }

    /** For the producer: one to fill. */
    Object[] take() {
        int slot = slot(taken);
        Object[] batch = slots.get(slot);
        if (batch == null) {
            return new Object[batchRecords];
        }
        slots.set(slot, null);
        taken++;
        checkEmpty(batch);
        return batch;
    }

    /** One with a second owner is being filled, which begins with the first slot, or read, which ends with the last. */
    private void checkEmpty(Object[] batch) {
        if (batch[0] != null || batch[batchRecords - 1] != null) {
            throw new IllegalStateException("exchange " + exchange + ": a batch came back that still holds records;"
                    + " it can be given back only once, and read to its end.");
        }
    }

    private int slot(long position) {
        return (int) (position % slots.length());
    }
}
