package dev.sage.runtime.dataplane;

import java.util.Collections;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * An operator that can stop amid its output and go on from there. What it has still to emit is kept as an iterator, so
 * that the memory that it takes does not depend on how much that is.
 */
abstract class CursorStage extends Stage {
    /** For operators whose output is not in an iterator. */
    static final Iterator<?> NO_MORE = Collections.emptyIterator();

    final OperatorInstance self;
    final Flow flow;
    private final Stage next;
    private boolean open;
    private @Nullable Iterator<?> rest;

    CursorStage(OperatorInstance self, Flow flow, Stage next) {
        this.self = self;
        this.flow = flow;
        this.next = next;
    }

    /** Whether it stopped amid its output. */
    final boolean isOpen() {
        return open;
    }

    /** Goes on; everything downstream must have ended its own output before. */
    void resume() {
        open = false;
        flow.cursors--;
        Iterator<?> elements = rest;
        rest = null;
        if (elements != null) {
            emit(elements);
        }
    }

    /** Emits until nothing is left or the flow must hold. */
    final void emit(Iterator<?> elements) {
        int outerCursors = flow.cursors;
        while (true) {
            Object element = nextOf(elements);
            if (element == null) {
                return;
            }
            next.accept(element);
            if (flow.mustHold(outerCursors)) {
                open();
                rest = elements;
                return;
            }
        }
    }

    /** Stops amid the output, until {@link #resume}. */
    final void open() {
        open = true;
        flow.cursors++;
    }

    /** Runs user code; null at the end. */
    abstract @Nullable Object nextOf(Iterator<?> elements);
}
