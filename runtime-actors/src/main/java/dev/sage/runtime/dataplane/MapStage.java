package dev.sage.runtime.dataplane;

import dev.sage.api.MapFunction;

final class MapStage extends Stage {
    static final String NULL_RESULT =
            "the function returned null; a record is never null. To drop a record use filter or flatMap.";

    private final OperatorInstance self;
    private final Flow flow;
    private final MapFunction<Object, Object> function;
    private final Stage next;
    private long ordinal;

    @SuppressWarnings("unchecked")
    MapStage(OperatorInstance self, Flow flow, MapFunction<?, ?> function, Stage next) {
        this.self = self;
        this.flow = flow;
        this.function = (MapFunction<Object, Object>) function;
        this.next = next;
    }

    @Override
    void accept(Object value) {
        flow.at = self.index();
        Object result;
        try {
            result = function.apply(value);
        } catch (Throwable failure) {
            throw self.failure("apply", ordinal, failure);
        }
        if (result == null) {
            throw self.failure("apply", ordinal, NULL_RESULT);
        }
        ordinal++;
        next.accept(result);
    }
}
