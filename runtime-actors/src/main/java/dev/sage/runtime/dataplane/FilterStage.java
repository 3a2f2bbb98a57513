package dev.sage.runtime.dataplane;

import dev.sage.api.FilterFunction;

final class FilterStage extends Stage {
    private final OperatorInstance self;
    private final Flow flow;
    private final FilterFunction<Object> function;
    private final Stage next;
    private long ordinal;

    @SuppressWarnings("unchecked")
    FilterStage(OperatorInstance self, Flow flow, FilterFunction<?> function, Stage next) {
        this.self = self;
        this.flow = flow;
        this.function = (FilterFunction<Object>) function;
        this.next = next;
    }

    @Override
    void accept(Object value) {
        flow.at = self.index();
        boolean stays;
        try {
            stays = function.test(value);
        } catch (Throwable failure) {
            throw self.failure("apply", ordinal, failure);
        }
        ordinal++;
        if (stays) {
            next.accept(value);
        }
    }
}
