package dev.sage.runtime.dataplane;

import dev.sage.api.KeyContext;
import dev.sage.api.StateName;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gives a process function the values of one key during one call, and notes what it changes. */
final class KeyAccess implements KeyContext<Object> {
    private static final Object REMOVED = new Object();

    private final KeyedStates<Map<String, Object>> states;
    private final Map<String, Object> changes = new HashMap<>();
    private @Nullable Object key;
    private @Nullable Map<String, Object> values;

    KeyAccess(KeyedStates<Map<String, Object>> states) {
        this.states = states;
    }

    void begin(Object callKey, @Nullable Map<String, Object> callValues) {
        key = callKey;
        values = callValues;
    }

    /** The call has returned: makes its changes. */
    void commit() {
        if (changes.isEmpty()) {
            return;
        }
        Object changed = key();
        Map<String, Object> current = values;
        if (current == null) {
            current = new HashMap<>();
            states.put(changed, current);
        }
        for (Map.Entry<String, Object> change : changes.entrySet()) {
            if (change.getValue() == REMOVED) {
                current.remove(change.getKey());
            } else {
                current.put(change.getKey(), change.getValue());
            }
        }
        if (current.isEmpty()) {
            states.remove(changed);
        }
    }

    void end() {
        key = null;
        values = null;
        changes.clear();
    }

    @Override
    public Object key() {
        Object current = key;
        if (current == null) {
            throw new IllegalStateException("A KeyContext was used outside of the call that it was given to.");
        }
        return current;
    }

    @Override
    @SuppressWarnings("unchecked")
    public <V> @Nullable V get(StateName<V> name) {
        key();
        Object value = changes.get(name.name());
        if (value == null && values != null) {
            value = values.get(name.name());
        }
        if (value == null || value == REMOVED) {
            return null;
        }
        return (V) checked(name, value);
    }

    @Override
    public <V> void put(StateName<V> name, V value) {
        key();
        if (value == null) {
            throw new IllegalArgumentException(
                    "The state '" + name.name() + "' was set to null. Call remove to have no value.");
        }
        changes.put(name.name(), checked(name, value));
    }

    @Override
    public void remove(StateName<?> name) {
        key();
        changes.put(name.name(), REMOVED);
    }

    private static Object checked(StateName<?> name, Object value) {
        if (!name.type().isInstance(value)) {
            throw new IllegalStateException("The state '" + name.name() + "' has the type "
                    + name.type().getTypeName() + ", and its value is a "
                    + value.getClass().getTypeName() + ". Maybe two states have one name.");
        }
        return value;
    }
}
