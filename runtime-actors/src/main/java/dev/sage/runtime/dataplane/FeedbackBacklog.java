package dev.sage.runtime.dataplane;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The records that wait to come into one instance of a loop's head again. They cannot be held back, for who would hold
 * them back is upstream of those whom they would wait for; so they are counted.
 */
final class FeedbackBacklog {
    private final OperatorInstance head;
    private final int gateRecords;
    private final int maxRecords;
    private final AtomicLong waiting = new AtomicLong();

    FeedbackBacklog(String loop, int instance, int gateRecords, int maxRecords) {
        this.head = new OperatorInstance(loop, instance, 0);
        this.gateRecords = gateRecords;
        this.maxRecords = maxRecords;
    }

    /** From any thread. */
    void add(int records) {
        if (waiting.addAndGet(records) > maxRecords) {
            throw head.failure(
                    "feed back",
                    "more than " + maxRecords + " records wait to go round the loop '" + head.name()
                            + "' again (sage.feedback.max-records). Maybe each round makes more records than leave the"
                            + " loop; else raise the setting.");
        }
    }

    void remove(int records) {
        waiting.addAndGet(-records);
    }

    /** Whether there are so many that nothing more shall be let in from outside. */
    boolean isHigh() {
        return waiting.get() >= gateRecords;
    }
}
