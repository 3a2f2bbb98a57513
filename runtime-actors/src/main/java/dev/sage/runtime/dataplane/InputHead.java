package dev.sage.runtime.dataplane;

/** Reads from other tasks. */
final class InputHead extends Head {
    private final Inputs inputs;
    private final Flow flow;
    private final Stage next;

    InputHead(Inputs inputs, Flow flow, Stage next) {
        this.inputs = inputs;
        this.flow = flow;
        this.next = next;
    }

    @Override
    Step step() {
        while (!flow.mustStop()) {
            Object value = inputs.poll();
            if (value == null) {
                return inputs.haveEnded() ? Step.ENDED : Step.DRY;
            }
            next.accept(value);
        }
        return Step.HELD;
    }
}
