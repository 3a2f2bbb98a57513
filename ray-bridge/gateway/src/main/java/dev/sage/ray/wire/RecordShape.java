package dev.sage.ray.wire;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a class of records is taken apart and put together. Remembered per class, and forgotten with it. */
record RecordShape(List<String> names, List<Type> types, List<Method> accessors, Constructor<?> constructor) {
    private static final ClassValue<RecordShape> SHAPES = new ClassValue<>() {
        @Override
        protected RecordShape computeValue(Class<?> type) {
            return shape(type);
        }
    };

    static RecordShape of(Class<?> type) {
        return SHAPES.get(type);
    }

    private static RecordShape shape(Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            List<Method> accessors =
                    Arrays.stream(components).map(RecordComponent::getAccessor).toList();
            constructor.setAccessible(true);
            accessors.forEach(accessor -> accessor.setAccessible(true));
            return new RecordShape(
                    Arrays.stream(components).map(RecordComponent::getName).toList(),
                    Arrays.stream(components)
                            .map(RecordComponent::getGenericType)
                            .toList(),
                    accessors,
                    constructor);
        } catch (NoSuchMethodException | RuntimeException e) {
            throw new EnvelopeException("record " + type.getName() + " cannot be read: " + e, e);
        }
    }

    @Nullable
    Object value(Record fields, int index) {
        try {
            return accessors.get(index).invoke(fields);
        } catch (InvocationTargetException | IllegalAccessException e) {
            throw new EnvelopeException("could not be read: " + e, e);
        }
    }

    Object make(@Nullable Object[] values) {
        try {
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            throw new EnvelopeException(
                    constructor.getDeclaringClass().getName() + " refuses these values: " + e.getCause(), e);
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            throw new EnvelopeException(constructor.getDeclaringClass().getName() + " cannot be made: " + e, e);
        }
    }
}
