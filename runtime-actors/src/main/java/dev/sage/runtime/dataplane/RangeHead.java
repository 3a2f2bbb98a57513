package dev.sage.runtime.dataplane;

import dev.sage.api.graph.Operator;

/** Counts through its part of a range. */
final class RangeHead extends PulledHead {
    private final Flow flow;
    private final Stage next;
    private final long end;
    private long position;

    RangeHead(Operator.RangeSource range, int instance, int parallelism, Flow flow, Stage next) {
        long total = range.to() - range.from();
        this.position = range.from() + EvenSplit.start(total, parallelism, instance);
        this.end = range.from() + EvenSplit.start(total, parallelism, instance + 1);
        this.flow = flow;
        this.next = next;
    }

    @Override
    Step pull() {
        while (position < end) {
            if (flow.mustStop()) {
                return Step.HELD;
            }
            flow.taken++;
            next.accept(position++);
        }
        return Step.ENDED;
    }
}
