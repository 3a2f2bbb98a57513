package dev.sage.runtime.dataplane;

import dev.sage.api.KeyFunction;
import dev.sage.api.ProcessFunction;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Calls a function that keeps named values for each key. At the end of the stream it is called once more for each key:
 * the next key only when the results of the one before have left.
 */
final class ProcessStage extends CursorStage implements KeptKeys {
    private final KeyFunction<Object, Object> keyFunction;
    private final ProcessFunction<Object, Object, Object> function;
    private final KeyedStates<Map<String, Object>> states;
    private final KeyAccess access;
    private final Pusher pusher;
    private final HeldRecords resultsOfEnd;
    private final Pusher endPusher;
    private long ordinal;

    @SuppressWarnings("unchecked")
    ProcessStage(
            OperatorInstance self,
            Flow flow,
            KeyFunction<?, ?> key,
            ProcessFunction<?, ?, ?> function,
            KeyedStates<Map<String, Object>> states,
            int overdrawRecords,
            Stage next) {
        super(self, flow, next);
        this.keyFunction = (KeyFunction<Object, Object>) key;
        this.function = (ProcessFunction<Object, Object, Object>) function;
        this.states = states;
        this.access = new KeyAccess(states);
        this.pusher = new Pusher(self, flow, overdrawRecords, next);
        this.resultsOfEnd = new HeldRecords(self, flow, overdrawRecords, next);
        this.endPusher = new Pusher(self, flow, overdrawRecords, resultsOfEnd);
    }

    @Override
    void accept(Object value) {
        pusher.begin(ordinal);
        try {
            Object key = keyFunction.keyOf(value);
            access.begin(key, states.get(key));
            function.process(value, access, pusher);
            pusher.check();
            access.commit();
        } catch (Throwable failure) {
            throw pusher.failure(failure);
        } finally {
            access.end();
            pusher.end();
        }
        ordinal++;
    }

    @Override
    public Iterator<Map.Entry<Object, Map<String, Object>>> kept() {
        return states.entries();
    }

    @Override
    @SuppressWarnings("unchecked")
    public void end(Map.Entry<?, ?> entry) {
        end(entry.getKey(), (Map<String, Object>) entry.getValue());
    }

    @Override
    void finish() {
        resultsOfEnd.hold();
        emit(kept());
    }

    @Override
    @SuppressWarnings("unchecked")
    @Nullable
    Object nextOf(Iterator<?> keys) {
        Object result = resultsOfEnd.poll();
        while (result == null && keys.hasNext()) {
            end((Map.Entry<?, ?>) keys.next());
            result = resultsOfEnd.poll();
        }
        return result;
    }

    private void end(Object key, Map<String, Object> values) {
        endPusher.begin(ordinal);
        try {
            access.begin(key, values);
            function.end(access, endPusher);
            endPusher.check();
        } catch (OperatorException failure) {
            throw failure;
        } catch (Throwable failure) {
            throw self.failure("end", failure);
        } finally {
            access.end();
            endPusher.end();
        }
    }
}
