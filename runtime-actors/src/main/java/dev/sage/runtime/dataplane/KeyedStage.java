package dev.sage.runtime.dataplane;

import dev.sage.api.KeyFunction;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An operator that keeps a value for each key until the stream ends, and then emits one record per key, in the order in
 * which the keys came.
 */
abstract class KeyedStage extends CursorStage {
    /** The value of one key, in a holder of its own, so that a change of it costs no second look-up. */
    static final class Cell {
        Object value;

        Cell(Object value) {
            this.value = value;
        }
    }

    private final KeyFunction<Object, Object> keyFunction;
    private final Map<Object, Cell> cells = new LinkedHashMap<>();
    private long ordinal;

    @SuppressWarnings("unchecked")
    KeyedStage(OperatorInstance self, Flow flow, KeyFunction<?, ?> key, Stage next) {
        super(self, flow, next);
        this.keyFunction = (KeyFunction<Object, Object>) key;
    }

    @Override
    final void accept(Object value) {
        flow.at = self.index();
        try {
            Object key = keyFunction.keyOf(value);
            Cell cell = cells.get(key);
            if (cell == null) {
                cells.put(key, new Cell(checked(first(value))));
            } else {
                cell.value = checked(add(cell.value, value));
            }
        } catch (OperatorException failure) {
            throw failure;
        } catch (Throwable failure) {
            throw self.failure("apply", ordinal, failure);
        }
        ordinal++;
    }

    @Override
    final void finish() {
        emit(cells.entrySet().iterator());
    }

    @Override
    @SuppressWarnings("unchecked")
    final @Nullable Object nextOf(Iterator<?> entries) {
        if (!entries.hasNext()) {
            return null;
        }
        flow.at = self.index();
        Map.Entry<Object, Cell> entry = (Map.Entry<Object, Cell>) entries.next();
        Object result;
        try {
            result = result(entry.getKey(), entry.getValue().value);
        } catch (OperatorException failure) {
            throw failure;
        } catch (Throwable failure) {
            throw self.failure("result", failure);
        }
        entries.remove();
        return result;
    }

    /** The value of a key after its first record. */
    abstract Object first(Object value) throws Exception;

    /** The value of a key after one more record. */
    abstract Object add(Object kept, Object value) throws Exception;

    /** What is emitted for a key. */
    abstract Object result(Object key, Object kept) throws Exception;

    private Object checked(@Nullable Object kept) {
        if (kept == null) {
            throw self.failure("apply", ordinal, "the function returned null; the value of a key is never null.");
        }
        return kept;
    }
}
