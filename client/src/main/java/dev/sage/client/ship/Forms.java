package dev.sage.client.ship;

import dev.sage.api.LinkedServices;
import dev.sage.api.RestartPolicy;
import dev.sage.api.graph.Operator;
import dev.sage.api.graph.ServiceBody;
import dev.sage.api.graph.ServiceSpec;
import java.io.InvalidObjectException;
import java.io.ObjectStreamException;
import java.io.Serializable;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What stands in the bytes for objects that Java's serialization does not take: records, whose components say all that
 * there is of them, and a few values of the JDK.
 */
final class Forms {
    private Forms() {}

    /** Becomes the object that it stands for when it has been read. */
    sealed interface Form extends Serializable {
        Object value() throws ObjectStreamException;
    }

    /** What stands for an object; itself where nothing needs to. */
    static Object of(Object value) {
        if (value instanceof Serializable) {
            return value;
        }
        if (value instanceof Operator.Collect) {
            return new Collecting();
        }
        if (value instanceof ServiceSpec spec) {
            return new Declaration(
                    spec.name(),
                    spec.body(),
                    spec.concurrency(),
                    spec.callTimeout().orElse(null),
                    spec.restart(),
                    spec.dependsOn());
        }
        if (value instanceof Record userRecord) {
            return new Components(userRecord.getClass(), components(userRecord));
        }
        if (value instanceof Optional<?> optional) {
            return new Maybe(optional.orElse(null));
        }
        if (value instanceof OptionalInt optional) {
            return new MaybeInt(optional.isPresent(), optional.orElse(0));
        }
        return value instanceof Path path ? new PathName(path.toString()) : value;
    }

    /** Whether there is a form, for an object that is not serializable. */
    static boolean isKnown(Object value) {
        return of(value) != value;
    }

    static Object[] components(Record value) {
        RecordComponent[] components = value.getClass().getRecordComponents();
        Object[] values = new Object[components.length];
        try {
            for (int i = 0; i < components.length; i++) {
                components[i].getAccessor().setAccessible(true);
                values[i] = components[i].getAccessor().invoke(value);
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "The components of " + value.getClass().getName() + " cannot be read.", e);
        }
        return values;
    }

    /** A record. */
    @SuppressWarnings("ArrayRecordComponent") // The arguments of a constructor, which are used once.
    record Components(Class<?> type, @Nullable Object[] values) implements Form {
        @Override
        public Object value() throws ObjectStreamException {
            RecordComponent[] components = type.isRecord() ? type.getRecordComponents() : new RecordComponent[0];
            if (components.length != values.length) {
                throw new InvalidObjectException(type.getName() + " is not the record class that was written.");
            }
            Class<?>[] types =
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            try {
                Constructor<?> constructor = type.getDeclaredConstructor(types);
                constructor.setAccessible(true);
                return constructor.newInstance(values);
            } catch (InvocationTargetException e) {
                throw refused(e.getCause() == null ? e : e.getCause());
            } catch (ReflectiveOperationException | IllegalArgumentException e) {
                throw refused(e);
            }
        }

        private InvalidObjectException refused(Throwable cause) {
            InvalidObjectException refused =
                    new InvalidObjectException("A " + type.getName() + " cannot be made anew: " + cause);
            refused.initCause(cause);
            return refused;
        }
    }

    record Maybe(@Nullable Object held) implements Form {
        @Override
        public Object value() {
            return Optional.ofNullable(held);
        }
    }

    record MaybeInt(boolean present, int number) implements Form {
        @Override
        public Object value() {
            return present ? OptionalInt.of(number) : OptionalInt.empty();
        }
    }

    record PathName(String path) implements Form {
        @Override
        public Object value() {
            return Path.of(path);
        }
    }

    /** A {@code collect()}: what becomes of its records is known to whoever reads this. */
    record Collecting() implements Form {
        @Override
        public Object value() {
            return new Operator.Collect(records -> {});
        }
    }

    /** A service without the way to call it, which is known to whoever reads this. */
    record Declaration(
            String name,
            ServiceBody body,
            int concurrency,
            @Nullable Duration callTimeout,
            RestartPolicy restart,
            List<String> dependsOn)
            implements Form {
        @Override
        public Object value() {
            return new ServiceSpec(
                    name, body, concurrency, Optional.ofNullable(callTimeout), restart, dependsOn, caller -> {});
        }
    }

    /**
     * A service that a function holds; only a graph has them.
     *
     * @param home the key of the job that it is the service of; null for one of the graph
     */
    record Held(LinkedServices.Link link, @Nullable String home) implements Form {
        @Override
        public Object value() throws ObjectStreamException {
            throw new InvalidObjectException("Service '" + link.name() + "' is held by something that is no function.");
        }
    }

    /** One of the objects that do not travel. */
    record Place(int index) implements Form {
        @Override
        public Object value() throws ObjectStreamException {
            throw new InvalidObjectException("Nothing stays behind here.");
        }
    }
}
