package dev.sage.ray.wire;

import java.lang.reflect.Array;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Envelope#read} gave, as a Java type: records from maps, narrower numbers, arrays, sets, optionals, enums. A
 * record's component that the map lacks is null; what the record lacks is left out. A number that does not fit is refused.
 */
public final class Conversion {
    private static final Map<Class<?>, Class<?>> BOXES = Map.of(
            boolean.class, Boolean.class,
            byte.class, Byte.class,
            short.class, Short.class,
            int.class, Integer.class,
            long.class, Long.class,
            float.class, Float.class,
            double.class, Double.class,
            char.class, Character.class);

    private Conversion() {}

    /**
     * The value as that type.
     *
     * @param type of a field or method, with its parameters
     * @throws EnvelopeException when it is no such value; the message says where, and what it is
     */
    public static @Nullable Object to(Type type, @Nullable Object value) {
        return convert(type, value, Map.of());
    }

    /**
     * The value itself, when it is of that class already.
     *
     * @throws EnvelopeException when it is not
     */
    public static @Nullable Object same(Class<?> type, @Nullable Object value) {
        boolean fits = value == null
                ? !type.isPrimitive()
                : BOXES.getOrDefault(type, type).isInstance(value);
        if (!fits) {
            throw unfit(type, value);
        }
        return value;
    }

    private static @Nullable Object convert(Type type, @Nullable Object value, Map<TypeVariable<?>, Type> variables) {
        if (type instanceof Class<?> plain) {
            return plain(plain, value);
        }
        if (type instanceof ParameterizedType generic) {
            return generic(generic, value, variables);
        }
        if (type instanceof TypeVariable<?> variable) {
            return convert(variables.getOrDefault(variable, variable.getBounds()[0]), value, variables);
        }
        if (type instanceof WildcardType wildcard) {
            return convert(wildcard.getUpperBounds()[0], value, variables);
        }
        if (type instanceof GenericArrayType array && value instanceof List<?> values) {
            return values.stream()
                    .map(element -> convert(array.getGenericComponentType(), element, variables))
                    .toArray(length -> (Object[]) Array.newInstance(raw(array.getGenericComponentType()), length));
        }
        throw unfit(type, value);
    }

    private static @Nullable Object plain(Class<?> type, @Nullable Object value) {
        Class<?> wanted = BOXES.getOrDefault(type, type);
        if (type == void.class || wanted == Void.class) {
            return null;
        }
        if (wanted == Optional.class) {
            return Optional.ofNullable(value);
        }
        if (value == null) {
            if (type.isPrimitive()) {
                throw new EnvelopeException("is null, where " + type + " is wanted");
            }
            return null;
        }
        if (wanted.isInstance(value)) {
            return value;
        }
        if (value instanceof Number number && Number.class.isAssignableFrom(wanted)) {
            return Numbers.to(wanted, number);
        }
        if (value instanceof String text) {
            return ofText(wanted, text);
        }
        if (value instanceof byte[] bytes && wanted == ByteBuffer.class) {
            return ByteBuffer.wrap(bytes);
        }
        if (value instanceof ByteBuffer buffer && wanted == byte[].class) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.duplicate().get(bytes);
            return bytes;
        }
        if (value instanceof List<?> values && wanted.isArray()) {
            return array(wanted.getComponentType(), values);
        }
        if (value instanceof Collection<?> values && wanted.isAssignableFrom(LinkedHashSet.class)) {
            return new LinkedHashSet<>(values);
        }
        if (value instanceof Map<?, ?> map && wanted.isRecord()) {
            return record(wanted, map, Map.of());
        }
        throw unfit(type, value);
    }

    private static Object ofText(Class<?> wanted, String text) {
        if (wanted == Character.class && text.length() == 1) {
            return text.charAt(0);
        }
        if (wanted.isEnum()) {
            for (Object constant : wanted.getEnumConstants()) {
                if (((Enum<?>) constant).name().equals(text)) {
                    return constant;
                }
            }
        }
        throw unfit(wanted, text);
    }

    private static Object array(Class<?> component, List<?> values) {
        Object array = Array.newInstance(component, values.size());
        for (int index = 0; index < values.size(); index++) {
            Array.set(array, index, step("[" + index + "]", component, values.get(index), Map.of()));
        }
        return array;
    }

    private static @Nullable Object generic(
            ParameterizedType type, @Nullable Object value, Map<TypeVariable<?>, Type> outer) {
        Class<?> raw = raw(type);
        Type[] parameters = type.getActualTypeArguments();
        if (raw == Optional.class) {
            return value == null ? Optional.empty() : Optional.ofNullable(convert(parameters[0], value, outer));
        }
        if (value == null) {
            return null;
        }
        if (raw.isRecord() && value instanceof Map<?, ?> map) {
            Map<TypeVariable<?>, Type> variables = new HashMap<>(outer);
            for (int index = 0; index < parameters.length; index++) {
                variables.put(raw.getTypeParameters()[index], parameters[index]);
            }
            return record(raw, map, variables);
        }
        if (raw.isAssignableFrom(LinkedHashMap.class) && value instanceof Map<?, ?> map) {
            Map<@Nullable Object, @Nullable Object> converted = new LinkedHashMap<>();
            map.forEach((key, element) -> converted.put(
                    step(".(key)", parameters[0], key, outer), step("." + key, parameters[1], element, outer)));
            return converted;
        }
        if (value instanceof List<?> values && Collection.class.isAssignableFrom(raw)) {
            Collection<@Nullable Object> converted =
                    Set.class.isAssignableFrom(raw) ? new LinkedHashSet<>() : new ArrayList<>();
            int index = 0;
            for (Object element : values) {
                converted.add(step("[" + index++ + "]", parameters[0], element, outer));
            }
            if (raw.isInstance(converted)) {
                return converted;
            }
        }
        return plain(raw, value);
    }

    private static Object record(Class<?> type, Map<?, ?> map, Map<TypeVariable<?>, Type> variables) {
        RecordShape shape = RecordShape.of(type);
        @Nullable Object[] values = new Object[shape.names().size()];
        for (int index = 0; index < values.length; index++) {
            String name = shape.names().get(index);
            values[index] = step("." + name, shape.types().get(index), map.get(name), variables);
        }
        return shape.make(values);
    }

    private static @Nullable Object step(
            String step, Type type, @Nullable Object value, Map<TypeVariable<?>, Type> variables) {
        try {
            return convert(type, value, variables);
        } catch (EnvelopeException e) {
            throw e.within(step);
        }
    }

    private static Class<?> raw(Type type) {
        if (type instanceof Class<?> plain) {
            return plain;
        }
        return type instanceof ParameterizedType generic ? (Class<?>) generic.getRawType() : Object.class;
    }

    static EnvelopeException unfit(Type type, @Nullable Object value) {
        String what = value == null ? "null" : describe(value);
        return new EnvelopeException("is " + what + ", where " + type.getTypeName() + " is wanted");
    }

    private static String describe(Object value) {
        if (value instanceof Number || value instanceof Boolean) {
            return "the number or flag " + value;
        }
        if (value instanceof String) {
            return "a text";
        }
        if (value instanceof List<?> values) {
            return "a list of " + values.size();
        }
        return value instanceof Map<?, ?> map ? "a map with the keys " + map.keySet() : "bytes";
    }

    /** Numbers that fit, and no others. */
    private static final class Numbers {
        private Numbers() {}

        static Object to(Class<?> wanted, Number number) {
            if (wanted == Double.class) {
                return number.doubleValue();
            }
            if (wanted == Float.class) {
                return number.floatValue();
            }
            if (!(number instanceof Double) && wanted == BigInteger.class) {
                return new BigInteger(number.toString());
            }
            if (number instanceof Long whole) {
                if (wanted == Integer.class && whole.intValue() == whole) {
                    return whole.intValue();
                }
                if (wanted == Short.class && whole.shortValue() == whole) {
                    return whole.shortValue();
                }
                if (wanted == Byte.class && whole.byteValue() == whole) {
                    return whole.byteValue();
                }
            }
            throw unfit(wanted, number);
        }
    }
}
