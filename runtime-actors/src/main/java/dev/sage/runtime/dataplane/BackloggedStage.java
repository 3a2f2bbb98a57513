package dev.sage.runtime.dataplane;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * An operator that can stop amid its output, and that may be sent records meanwhile: a push function upstream cannot be
 * stopped. They wait in a backlog, which counts as that function's overdraw.
 */
abstract class BackloggedStage extends CursorStage {
    private final Queue<Object> backlog = new ArrayDeque<>();

    BackloggedStage(OperatorInstance self, Flow flow, Stage next) {
        super(self, flow, next);
    }

    @Override
    final void accept(Object value) {
        if (isOpen()) {
            backlog.add(value);
            flow.heldRecords++;
        } else {
            take(value);
        }
    }

    @Override
    final void resume() {
        goOn();
        while (!isOpen() && !backlog.isEmpty()) {
            flow.heldRecords--;
            take(backlog.remove());
        }
    }

    /** Goes on with the output of the record before. */
    void goOn() {
        super.resume();
    }

    /** Works on a record; the one before is done with. */
    abstract void take(Object value);
}
