package dev.sage.client.ship;

import dev.sage.api.InvalidGraphException;
import dev.sage.api.LinkedServices;
import java.io.Externalizable;
import java.io.Serializable;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An object that keeps another one from being sent, and the way to it. Java's exception names its class only, which does
 * not tell where in a user's code it is held. The search goes where serialization goes: through captured arguments of
 * lambdas, fields, components of records, arrays and collections, but not through transient fields.
 *
 * @param path for example {@code function, captured argument 0, field cache}
 * @param reason why it cannot be sent, and what to do
 */
record SerializationObstacle(String path, Object value, String reason) {
    private static final int MAX_DEPTH = 100;
    private static final String NOT_SERIALIZABLE = ", which is not Serializable. Make the field transient and what it"
            + " holds anew where the function runs, or put it into a service";

    /**
     * The first one found; empty when none can be seen, as in a class that writes itself.
     *
     * @param stays what is not looked into; throws {@link InvalidGraphException} for a service that cannot be called there
     */
    static Optional<SerializationObstacle> find(Object root, String name, Predicate<Object> stays) {
        return Optional.ofNullable(new Search(stays).in(root, name, MAX_DEPTH));
    }

    String describe() {
        return path + " is " + reason;
    }

    private record Search(Predicate<Object> stays, Set<Object> seen) {
        Search(Predicate<Object> stays) {
            this(stays, Collections.newSetFromMap(new IdentityHashMap<>()));
        }

        @Nullable
        SerializationObstacle in(@Nullable Object value, String path, int depth) {
            if (value == null || depth == 0 || !seen.add(value)) {
                return null;
            }
            try {
                if (stays.test(value) || LinkedServices.in(value).isPresent()) {
                    return null;
                }
            } catch (InvalidGraphException e) {
                return new SerializationObstacle(path, value, String.valueOf(e.getMessage()));
            }
            if (value instanceof Optional<?> optional) {
                return in(optional.orElse(null), path, depth - 1);
            }
            if (value instanceof Record components && !(value instanceof Serializable)) {
                return inComponents(components, path, depth);
            }
            if (!(value instanceof Serializable)) {
                return Forms.isKnown(value)
                        ? null
                        : new SerializationObstacle(
                                path, value, "a " + value.getClass().getName() + NOT_SERIALIZABLE);
            }
            if (value instanceof Externalizable || value instanceof Class || value instanceof Enum) {
                return null;
            }
            return inSerializable(value, path, depth);
        }

        private @Nullable SerializationObstacle inSerializable(Object value, String path, int depth) {
            if (value.getClass().isArray()) {
                return inArray(value, path, depth);
            }
            if (value instanceof Collection<?> collection) {
                return inAll(collection, path + ", element", depth);
            }
            if (value instanceof Map<?, ?> map) {
                SerializationObstacle inKeys = inAll(map.keySet(), path + ", key", depth);
                return inKeys != null ? inKeys : inAll(map.values(), path + ", value", depth);
            }
            SerializedLambda lambda = lambda(value);
            return lambda == null ? inFields(value, path, depth) : inCaptured(lambda, path, depth);
        }

        private @Nullable SerializationObstacle inComponents(Record value, String path, int depth) {
            RecordComponent[] components = value.getClass().getRecordComponents();
            Object[] values = Forms.components(value);
            SerializationObstacle found = null;
            for (int i = 0; found == null && i < values.length; i++) {
                String at = path + ", field " + value.getClass().getSimpleName() + "." + components[i].getName();
                found = in(values[i], at, depth - 1);
            }
            return found;
        }

        private @Nullable SerializationObstacle inArray(Object array, String path, int depth) {
            SerializationObstacle found = null;
            boolean ofObjects = !array.getClass().getComponentType().isPrimitive();
            for (int i = 0; ofObjects && found == null && i < Array.getLength(array); i++) {
                found = in(Array.get(array, i), path + "[" + i + "]", depth - 1);
            }
            return found;
        }

        private @Nullable SerializationObstacle inAll(Collection<?> values, String path, int depth) {
            for (Object value : values) {
                SerializationObstacle found = in(value, path, depth - 1);
                if (found != null) {
                    return found;
                }
            }
            return null;
        }

        private @Nullable SerializationObstacle inCaptured(SerializedLambda lambda, String path, int depth) {
            SerializationObstacle found = null;
            for (int i = 0; found == null && i < lambda.getCapturedArgCount(); i++) {
                found = in(lambda.getCapturedArg(i), path + ", captured argument " + i, depth - 1);
            }
            return found;
        }

        private @Nullable SerializationObstacle inFields(Object value, String path, int depth) {
            for (Class<?> type = value.getClass(); type != null; type = type.getSuperclass()) {
                for (Field field : type.getDeclaredFields()) {
                    if (!Modifier.isStatic(field.getModifiers()) && !Modifier.isTransient(field.getModifiers())) {
                        String at = path + ", field " + type.getSimpleName() + "." + field.getName();
                        SerializationObstacle found = in(read(field, value), at, depth - 1);
                        if (found != null) {
                            return found;
                        }
                    }
                }
            }
            return null;
        }
    }

    /** Null for what the JDK does not show. */
    private static @Nullable Object read(Field field, Object of) {
        if (field.getType().isPrimitive()) {
            return null;
        }
        try {
            field.setAccessible(true);
            return field.get(of);
        } catch (InaccessibleObjectException | IllegalAccessException e) {
            return null;
        }
    }

    /** What a lambda serializes as; null for other objects. */
    private static @Nullable SerializedLambda lambda(Object value) {
        try {
            Method writeReplace = value.getClass().getDeclaredMethod("writeReplace");
            writeReplace.setAccessible(true);
            return writeReplace.invoke(value) instanceof SerializedLambda lambda ? lambda : null;
        } catch (ReflectiveOperationException | InaccessibleObjectException e) {
            return null;
        }
    }
}
