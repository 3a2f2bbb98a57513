package dev.sage.runtime.dataplane;

import dev.sage.runtime.core.loop.LoopProbe;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * The way from the end of a loop back to its head. It has no credits: a loop in which every channel can be full can be
 * full everywhere, and then nothing moves any more. Its bound is that of the {@link FeedbackBacklog}.
 */
final class FeedbackChannel implements Link {
    private final FeedbackBacklog backlog;
    private final int batchRecords;
    private final Tasklet consumer;
    private final Queue<Object> elements = new ConcurrentLinkedQueue<>();

    FeedbackChannel(FeedbackBacklog backlog, int batchRecords, Tasklet consumer) {
        this.backlog = backlog;
        this.batchRecords = batchRecords;
        this.consumer = consumer;
    }

    FeedbackBacklog backlog() {
        return backlog;
    }

    @Override
    public Object[] emptyBatch() {
        return new Object[batchRecords];
    }

    @Override
    public boolean offer(Object[] records) {
        backlog.add(records.length);
        put(records);
        return true;
    }

    @Override
    public void probe(LoopProbe probe) {
        put(probe);
    }

    /** Says nothing: the head has ended before, by the probe. */
    @Override
    public void end(int epoch) {}

    @Override
    public @Nullable Object poll() {
        Object element = elements.poll();
        if (element instanceof Object[] records) {
            backlog.remove(records.length);
        }
        return element;
    }

    /** Lets it go: without credits there is no number of batches that would be worth keeping. */
    @Override
    public void giveBack(Object[] batch) {}

    @Override
    public boolean isDrained() {
        return elements.isEmpty();
    }

    @Override
    public boolean isEndedBy(EndMarker marker, int epoch) {
        return false;
    }

    private void put(Object element) {
        elements.add(element);
        consumer.wake();
    }
}
