package dev.sage.runtime.dataplane;

import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** Holds back what an operator emits until it is known that it may leave; otherwise passes it on. */
final class HeldRecords extends Stage {
    private final OperatorInstance self;
    private final Flow flow;
    private final int maxRecords;
    private final Stage next;
    private final Queue<Object> records = new ArrayDeque<>();
    private boolean holding;

    /** @param maxRecords held in the task, for whatever reason */
    HeldRecords(OperatorInstance self, Flow flow, int maxRecords, Stage next) {
        this.self = self;
        this.flow = flow;
        this.maxRecords = maxRecords;
        this.next = next;
    }

    /** From here on records are held. */
    void hold() {
        holding = true;
    }

    @Override
    void accept(Object value) {
        if (!holding) {
            next.accept(value);
            return;
        }
        if (flow.heldRecords >= maxRecords) {
            throw self.excess("the results of one record must be held until its call has ended well, and are more than "
                    + maxRecords
                    + " (sage.exchange.overdraw-records). Emit fewer for one record, take the error policy from"
                    + " this operator, or raise the setting.");
        }
        records.add(value);
        flow.heldRecords++;
    }

    @Nullable
    Object poll() {
        Object value = records.poll();
        if (value != null) {
            flow.heldRecords--;
        }
        return value;
    }

    void drop() {
        flow.heldRecords -= records.size();
        records.clear();
    }
}
