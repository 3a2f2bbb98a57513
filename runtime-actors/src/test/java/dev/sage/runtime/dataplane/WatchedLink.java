package dev.sage.runtime.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.runtime.core.loop.LoopProbe;
import java.util.IdentityHashMap;

/** Follows every full batch on its way round: it must never have two owners, and come back empty. */
final class WatchedLink implements Link {
    enum Owner {
        PRODUCER,
        LINK,
        CONSUMER,
        NOBODY
    }

    /** Shared by links whose batches must not be mixed up. */
    final IdentityHashMap<Object[], Owner> owners;

    private final Link link;

    WatchedLink(Link link, IdentityHashMap<Object[], Owner> owners) {
        this.link = link;
        this.owners = owners;
    }

    @Override
    public Object[] emptyBatch() {
        Object[] batch = link.emptyBatch();
        assertThat(owners.getOrDefault(batch, Owner.NOBODY)).isEqualTo(Owner.NOBODY);
        assertThat(batch).containsOnlyNulls();
        owners.put(batch, Owner.PRODUCER);
        return batch;
    }

    @Override
    public boolean offer(Object[] records) {
        boolean sent = link.offer(records);
        if (sent) {
            pass(records, Owner.PRODUCER, Owner.LINK);
        }
        return sent;
    }

    @Override
    public Object poll() {
        Object element = link.poll();
        if (element instanceof Object[] records) {
            pass(records, Owner.LINK, Owner.CONSUMER);
        }
        return element;
    }

    @Override
    public void giveBack(Object[] batch) {
        pass(batch, Owner.CONSUMER, Owner.NOBODY);
        link.giveBack(batch);
    }

    /** A batch that is not full is not known, for it is a copy. */
    private void pass(Object[] batch, Owner from, Owner to) {
        if (owners.containsKey(batch)) {
            assertThat(owners.put(batch, to)).isEqualTo(from);
        }
    }

    @Override
    public void probe(LoopProbe probe) {
        link.probe(probe);
    }

    @Override
    public void end(int epoch) {
        link.end(epoch);
    }

    @Override
    public boolean isDrained() {
        return link.isDrained();
    }

    @Override
    public boolean isEndedBy(EndMarker marker, int epoch) {
        return link.isEndedBy(marker, epoch);
    }
}
