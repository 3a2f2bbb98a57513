package dev.sage.runtime.dataplane;

import dev.sage.api.Sink;
import dev.sage.api.graph.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What all instances of one {@code collect()} gather. The records of the instances are published together, in the order
 * of the instances, when the last one commits: the caller sees all of them or none.
 */
final class Collected {
    private final Operator.Collect operator;
    private final int maxRecords;
    private final List<List<Object>> parts = new ArrayList<>();
    private final AtomicInteger records = new AtomicInteger();
    private final AtomicInteger uncommitted;

    Collected(Operator.Collect operator, int parallelism, int maxRecords) {
        this.operator = operator;
        this.maxRecords = maxRecords;
        this.uncommitted = new AtomicInteger(parallelism);
        for (int i = 0; i < parallelism; i++) {
            parts.add(new ArrayList<>());
        }
    }

    Sink<Object> sink(int instance) {
        return new Part(this, parts.get(instance));
    }

    private void count() {
        if (records.incrementAndGet() > maxRecords) {
            throw new IllegalStateException("collect() holds at most " + maxRecords
                    + " records (sage.collect.max-records). Write to a sink, or raise the setting.");
        }
    }

    private void commit() {
        // The decrement also makes the records of each instance visible to the last one.
        if (uncommitted.decrementAndGet() == 0) {
            List<Object> all = new ArrayList<>(records.get());
            parts.forEach(all::addAll);
            parts.forEach(List::clear);
            operator.publish().accept(all);
        }
    }

    @SuppressWarnings("serial")
    private record Part(Collected collected, List<Object> records) implements Sink<Object> {
        @Override
        public void accept(Object value) {
            collected.count();
            records.add(value);
        }

        @Override
        public void commit() {
            collected.commit();
        }

        @Override
        public void abort() {
            records.clear();
        }
    }
}
