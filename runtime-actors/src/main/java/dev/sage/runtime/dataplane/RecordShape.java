package dev.sage.runtime.dataplane;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import org.jspecify.annotations.Nullable;

/** How to read the components of a record class. Kept with the class itself, so that nothing outlives its loader. */
final class RecordShape {
    private static final ClassValue<RecordShape> SHAPES = new ClassValue<>() {
        @Override
        protected RecordShape computeValue(Class<?> type) {
            return new RecordShape(type);
        }
    };
    private static final MethodType READ = MethodType.methodType(Object.class, Object.class);

    private final MethodHandle[] components;

    private RecordShape(Class<?> type) {
        RecordComponent[] declared = type.getRecordComponents();
        components = new MethodHandle[declared.length];
        for (int i = 0; i < declared.length; i++) {
            Method accessor = declared[i].getAccessor();
            try {
                accessor.setAccessible(true);
                components[i] = MethodHandles.lookup().unreflect(accessor).asType(READ);
            } catch (IllegalAccessException | InaccessibleObjectException closed) {
                throw new IllegalArgumentException(
                        "the components of the record " + type.getTypeName()
                                + ", which is a key, cannot be read. Open its" + " package in module-info.java.",
                        closed);
            }
        }
    }

    static RecordShape of(Class<? extends Record> type) {
        return SHAPES.get(type);
    }

    int hash(Record record) {
        int hash = 0;
        for (MethodHandle component : components) {
            hash = 31 * hash + StableHash.ofPart(read(component, record));
        }
        return hash;
    }

    private static @Nullable Object read(MethodHandle component, Record record) {
        try {
            return (Object) component.invokeExact((Object) record);
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable failure) {
            throw new IllegalStateException(failure);
        }
    }
}
