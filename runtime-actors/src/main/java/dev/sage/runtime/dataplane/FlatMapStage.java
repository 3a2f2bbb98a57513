package dev.sage.runtime.dataplane;

import dev.sage.api.FlatMapFunction;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** Emits the elements of an iterable for each record. */
final class FlatMapStage extends BackloggedStage {
    private final FlatMapFunction<Object, Object> function;
    private long ordinal = -1;

    @SuppressWarnings("unchecked")
    FlatMapStage(OperatorInstance self, Flow flow, FlatMapFunction<?, ?> function, Stage next) {
        super(self, flow, next);
        this.function = (FlatMapFunction<Object, Object>) function;
    }

    @Override
    void take(Object value) {
        flow.at = self.index();
        ordinal++;
        Iterator<?> elements;
        try {
            elements = function.apply(value).iterator();
        } catch (Throwable failure) {
            throw self.failure("apply", ordinal, failure);
        }
        emit(elements);
    }

    @Override
    @Nullable
    Object nextOf(Iterator<?> elements) {
        flow.at = self.index();
        Object element;
        try {
            if (!elements.hasNext()) {
                return null;
            }
            element = elements.next();
        } catch (Throwable failure) {
            throw self.failure("iterate", ordinal, failure);
        }
        if (element == null) {
            throw self.failure(
                    "iterate", ordinal, "the function's iterable has a null element; a record is never null.");
        }
        return element;
    }
}
