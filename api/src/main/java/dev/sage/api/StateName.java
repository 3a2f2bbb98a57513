package dev.sage.api;

import java.io.Serializable;
import java.util.Objects;

/**
 * The name and the type of a value that a {@link ProcessFunction} keeps for each key. Usually a constant:
 * {@code StateName<Long> TOTAL = StateName.of("total", Long.class)}.
 *
 * @param name unique within the function
 * @param type what is checked when the value is read; for {@code List<String>} it is {@code List.class}
 */
public record StateName<V>(String name, Class<? super V> type) implements Serializable {
    public StateName {
        Objects.requireNonNull(type, "type");
        if (name.isBlank()) {
            throw new IllegalArgumentException("The name of a state of type " + type.getTypeName() + " is blank.");
        }
        if (type.isPrimitive()) {
            throw new IllegalArgumentException("The state '" + name + "' has the primitive type " + type
                    + "; name the class of its box, for example Long.class.");
        }
    }

    /**
     * A name for values of this type.
     *
     * @throws IllegalArgumentException when the name is blank or the type primitive
     */
    public static <V> StateName<V> of(String name, Class<? super V> type) {
        return new StateName<>(name, type);
    }
}
