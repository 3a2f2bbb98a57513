package dev.sage.runtime.plan;

import dev.sage.api.InvalidGraphException;
import dev.sage.api.KeyFunction;
import dev.sage.api.graph.Input;
import dev.sage.api.graph.Partitioning;
import dev.sage.api.graph.Vertex;
import java.lang.invoke.MethodType;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Refuses keys that cannot be hashed before anything runs, as far as the declared type of a {@code keyBy} function
 * tells. What it does not tell (an interface, a type parameter) is seen at the first record.
 */
final class KeyTypes {
    private static final Set<Class<?>> STABLE = Set.of(
            Boolean.class,
            Character.class,
            Byte.class,
            Short.class,
            Integer.class,
            Long.class,
            Float.class,
            Double.class,
            String.class,
            UUID.class,
            Optional.class,
            BigInteger.class,
            BigDecimal.class);

    private KeyTypes() {}

    static void check(Vertex vertex) {
        for (Input input : vertex.inputs()) {
            if (input.partitioning() instanceof Partitioning.ByKey byKey) {
                Class<?> type = declared(byKey.key());
                if (type != null && cannotBeKey(type)) {
                    throw new InvalidGraphException("Operator '" + vertex.name() + "' reads by a key of type "
                            + type.getTypeName()
                            + ", whose hash is not the same in every JVM. A key must be a number, a"
                            + " boolean, a character, a string, an enum, a UUID, a date or time, an Optional or a list of"
                            + " these, or a record made of these. Return such a key from the keyBy function, for example"
                            + " a record of the properties that matter.");
                }
            }
        }
    }

    /** Only where no value of the type can be one: a subclass of what is not final may be a list. */
    private static boolean cannotBeKey(Class<?> type) {
        if (type.isArray()) {
            return true;
        }
        if (type.isRecord()) {
            return Arrays.stream(type.getRecordComponents())
                    .anyMatch(component -> component.getType() != type && cannotBeKey(component.getType()));
        }
        boolean concrete = !type.isPrimitive() && !type.isInterface() && !Modifier.isAbstract(type.getModifiers());
        return concrete
                && type != Object.class
                && !type.isEnum()
                && !STABLE.contains(type)
                && !List.class.isAssignableFrom(type)
                && !type.getName().startsWith("java.time.");
    }

    /** What the function says that it returns; null when it does not say. */
    private static @Nullable Class<?> declared(KeyFunction<?, ?> key) {
        try {
            if (key.getClass().isHidden() || key.getClass().isSynthetic()) {
                Method replacement = key.getClass().getDeclaredMethod("writeReplace");
                replacement.setAccessible(true);
                return replacement.invoke(key) instanceof SerializedLambda lambda
                        ? returned(lambda, key.getClass().getClassLoader())
                        : null;
            }
            return Arrays.stream(key.getClass().getDeclaredMethods())
                    .filter(method -> method.getName().equals("keyOf") && !method.isBridge())
                    .findFirst()
                    .<Class<?>>map(Method::getReturnType)
                    .orElse(null);
        } catch (ReflectiveOperationException | RuntimeException | LinkageError unknown) {
            // A class that does not let itself be looked at; its keys are checked at run time.
            return null;
        }
    }

    private static @Nullable Class<?> returned(SerializedLambda lambda, @Nullable ClassLoader loader) {
        if (lambda.getImplMethodName().equals("<init>")) {
            return MethodType.fromMethodDescriptorString("()L" + lambda.getImplClass() + ";", loader)
                    .returnType();
        }
        return MethodType.fromMethodDescriptorString(lambda.getImplMethodSignature(), loader)
                .returnType();
    }
}
