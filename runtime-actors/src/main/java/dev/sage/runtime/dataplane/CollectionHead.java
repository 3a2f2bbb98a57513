package dev.sage.runtime.dataplane;

import java.util.List;

/** Reads its part of a list. */
final class CollectionHead extends PulledHead {
    private final Flow flow;
    private final Stage next;
    private final List<?> elements;
    private final int end;
    private int position;

    CollectionHead(List<?> elements, int instance, int parallelism, Flow flow, Stage next) {
        this.elements = elements;
        this.position = (int) EvenSplit.start(elements.size(), parallelism, instance);
        this.end = (int) EvenSplit.start(elements.size(), parallelism, instance + 1);
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
            next.accept(elements.get(position++));
        }
        return Step.ENDED;
    }
}
