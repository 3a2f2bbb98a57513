package dev.sage.api;

import org.jspecify.annotations.Nullable;

/**
 * The key at which a {@link ProcessFunction} works, and what the function keeps for it. Valid only during the call that
 * it was given to, on its thread.
 *
 * <p>Changes are made when the call returns. One that throws changes nothing, unless it altered a value itself.
 */
public interface KeyContext<K> {
    /** Of the record that is worked on, or whose end it is. */
    K key();

    /** The value of that name; null if there is none. */
    <V> @Nullable V get(StateName<V> name);

    /** The value of that name, or another one if there is none. */
    default <V> V getOr(StateName<V> name, V other) {
        V value = get(name);
        return value == null ? other : value;
    }

    /** Sets the value of that name; neither may be null. */
    <V> void put(StateName<V> name, V value);

    /** Removes the value; a key without values takes no memory, and is not there at the end of the stream. */
    void remove(StateName<?> name);
}
