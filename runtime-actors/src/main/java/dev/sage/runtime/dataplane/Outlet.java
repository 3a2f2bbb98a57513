package dev.sage.runtime.dataplane;

import dev.sage.runtime.core.loop.LoopProbe;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** The sending end of one channel: fills batches, and parks those for which there is no credit, in their order. */
final class Outlet {
    private final Link channel;
    private final Flow flow;
    private final Queue<Object[]> parked = new ArrayDeque<>(2);
    private Object @Nullable [] batch;
    private int size;

    Outlet(Link channel, Flow flow) {
        this.channel = channel;
        this.flow = flow;
    }

    void add(Object value) {
        Object[] filling = batch;
        if (filling == null) {
            filling = channel.emptyBatch();
            batch = filling;
        }
        filling[size++] = value;
        if (size == filling.length) {
            batch = null;
            size = 0;
            send(filling);
        }
    }

    /** Sends what there is. */
    void flush() {
        Object[] filling = batch;
        if (filling != null && size > 0) {
            Object[] records = Arrays.copyOf(filling, size);
            Arrays.fill(filling, 0, size, null);
            size = 0;
            send(records);
        }
    }

    /** Sends what there is if the other side has nothing to do. */
    void flushIfDrained() {
        if (size > 0 && channel.isDrained()) {
            flush();
        }
    }

    /** Sends parked batches as far as there are credits now. */
    void unpark() {
        flow.checkAlive();
        Object[] records = parked.peek();
        if (records == null) {
            return;
        }
        while (records != null) {
            if (!channel.offer(records)) {
                return;
            }
            flow.heldRecords -= records.length;
            parked.remove();
            records = parked.peek();
        }
        flow.parked--;
    }

    /** Sends a probe, behind everything. */
    void probe(LoopProbe probe) {
        flow.checkAlive();
        channel.probe(probe);
    }

    /** Sends the end marker, behind everything. */
    void end(int epoch) {
        flow.checkAlive();
        channel.end(epoch);
    }

    private void send(Object[] records) {
        flow.checkAlive();
        flow.sent += records.length;
        if (!parked.isEmpty() || !channel.offer(records)) {
            if (parked.isEmpty()) {
                flow.parked++;
            }
            parked.add(records);
            flow.heldRecords += records.length;
        }
    }
}
