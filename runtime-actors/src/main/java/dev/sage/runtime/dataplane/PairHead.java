package dev.sage.runtime.dataplane;

import org.jspecify.annotations.Nullable;

/** Reads from two inputs in turn, so that neither has to wait for the other; ended when both have. */
final class PairHead extends Head {
    private final Inputs[] inputs;
    private final Stage[] stages;
    private final Flow flow;
    private int side;

    PairHead(Inputs first, Inputs second, Flow flow, Stage ofFirst, Stage ofSecond) {
        this.inputs = new Inputs[] {first, second};
        this.stages = new Stage[] {ofFirst, ofSecond};
        this.flow = flow;
    }

    @Override
    Step step() {
        while (!flow.mustStop()) {
            Object value = poll();
            if (value == null) {
                return inputs[0].haveEnded() && inputs[1].haveEnded() ? Step.ENDED : Step.DRY;
            }
            stages[side].accept(value);
        }
        return Step.HELD;
    }

    /** From the side whose turn it is, or from the other if that has nothing at the moment. */
    private @Nullable Object poll() {
        side = 1 - side;
        Object value = inputs[side].poll();
        if (value == null) {
            side = 1 - side;
            value = inputs[side].poll();
        }
        return value;
    }
}
