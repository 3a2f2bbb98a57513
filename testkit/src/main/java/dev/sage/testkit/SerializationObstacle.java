package dev.sage.testkit;

import java.io.Externalizable;
import java.io.Serializable;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An object that keeps another one from being serialized, and the way to it. Java's exception names its class only, which
 * does not tell where in a user's code it is held. The search goes where serialization goes: through captured arguments
 * of lambdas, fields, arrays and collections, but not through transient fields.
 *
 * @param path for example {@code function, captured argument 0, field cache}
 */
record SerializationObstacle(String path, Object value) {
    private static final int MAX_DEPTH = 100;

    /** The first one found; empty when none can be seen, as in a class that writes itself. */
    static Optional<SerializationObstacle> find(Object root, String name) {
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        return Optional.ofNullable(search(root, name, seen, MAX_DEPTH));
    }

    String describe() {
        return path + " is a " + value.getClass().getName()
                + ", which is not Serializable. Make the field transient and"
                + " what it holds anew where the function runs, or put it into a service";
    }

    private static @Nullable SerializationObstacle search(
            @Nullable Object value, String path, Set<Object> seen, int depth) {
        if (value == null || depth == 0 || ShippedObject.stays(value) || !seen.add(value)) {
            return null;
        }
        if (!(value instanceof Serializable)) {
            return new SerializationObstacle(path, value);
        }
        if (value instanceof Externalizable || value instanceof Class || value instanceof Enum) {
            return null;
        }
        if (value.getClass().isArray()) {
            return inArray(value, path, seen, depth);
        }
        if (value instanceof Collection<?> collection) {
            return inAll(collection, path + ", element", seen, depth);
        }
        if (value instanceof Map<?, ?> map) {
            SerializationObstacle inKeys = inAll(map.keySet(), path + ", key", seen, depth);
            return inKeys != null ? inKeys : inAll(map.values(), path + ", value", seen, depth);
        }
        SerializedLambda lambda = lambda(value);
        return lambda == null ? inFields(value, path, seen, depth) : inCaptured(lambda, path, seen, depth);
    }

    private static @Nullable SerializationObstacle inArray(Object array, String path, Set<Object> seen, int depth) {
        SerializationObstacle found = null;
        boolean ofObjects = !array.getClass().getComponentType().isPrimitive();
        for (int i = 0; ofObjects && found == null && i < Array.getLength(array); i++) {
            found = search(Array.get(array, i), path + "[" + i + "]", seen, depth - 1);
        }
        return found;
    }

    private static @Nullable SerializationObstacle inAll(
            Collection<?> values, String path, Set<Object> seen, int depth) {
        for (Object value : values) {
            SerializationObstacle found = search(value, path, seen, depth - 1);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private static @Nullable SerializationObstacle inCaptured(
            SerializedLambda lambda, String path, Set<Object> seen, int depth) {
        for (int i = 0; i < lambda.getCapturedArgCount(); i++) {
            SerializationObstacle found =
                    search(lambda.getCapturedArg(i), path + ", captured argument " + i, seen, depth - 1);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private static @Nullable SerializationObstacle inFields(Object value, String path, Set<Object> seen, int depth) {
        for (Class<?> type = value.getClass(); type != null; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers()) && !Modifier.isTransient(field.getModifiers())) {
                    String at = path + ", field " + type.getSimpleName() + "." + field.getName();
                    SerializationObstacle found = search(read(field, value), at, seen, depth - 1);
                    if (found != null) {
                        return found;
                    }
                }
            }
        }
        return null;
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
