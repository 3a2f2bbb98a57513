package dev.sage.testkit;

import dev.sage.api.InvalidGraphException;
import dev.sage.api.ServiceRef;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.OutputStream;
import java.io.Serializable;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;

/**
 * Sends one object through Java's serialization. Handles of services stay what they are, since a runtime binds them
 * anew wherever a function runs, and so do the probes and gates of the test.
 */
final class ShippedObject {
    private static final String API = ServiceRef.class.getPackageName();

    private ShippedObject() {}

    /**
     * A copy.
     *
     * @param owner whose it is, to begin a message with
     * @param name what it is to the owner
     * @throws InvalidGraphException when it cannot be shipped, with the path of the field that leads to the reason
     */
    static Object of(Object value, String owner, String name) {
        List<Object> staying = new ArrayList<>();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Output output = new Output(bytes, staying)) {
            output.writeObject(value);
        } catch (IOException e) {
            throw new InvalidGraphException(owner + " cannot be shipped: "
                    + SerializationObstacle.find(value, name)
                            .map(SerializationObstacle::describe)
                            .orElseGet(() -> "its " + name + " of " + value.getClass() + " fails with " + e)
                    + ".");
        }
        try (Input input =
                new Input(bytes.toByteArray(), staying, value.getClass().getClassLoader())) {
            return input.readObject();
        } catch (IOException | ClassNotFoundException e) {
            throw new InvalidGraphException(owner + " cannot be shipped: its " + name + " of " + value.getClass()
                    + " can be written, but not read again: " + e + ".");
        }
    }

    static boolean stays(Object value) {
        return value instanceof ServiceRef
                || value instanceof LifecycleProbe
                || value instanceof Gate
                || (Proxy.isProxyClass(value.getClass())
                        && Proxy.getInvocationHandler(value)
                                .getClass()
                                .getPackageName()
                                .equals(API));
    }

    /** Stands in the bytes for an object that stays. */
    private record Place(int index) implements Serializable {}

    private static final class Output extends ObjectOutputStream {
        private final List<Object> staying;

        Output(OutputStream bytes, List<Object> staying) throws IOException {
            super(bytes);
            this.staying = staying;
            enableReplaceObject(true);
        }

        @Override
        protected Object replaceObject(Object value) {
            if (!stays(value)) {
                return value;
            }
            staying.add(value);
            return new Place(staying.size() - 1);
        }
    }

    private static final class Input extends ObjectInputStream {
        private final List<Object> staying;
        private final ClassLoader loader;

        Input(byte[] bytes, List<Object> staying, ClassLoader loader) throws IOException {
            super(new ByteArrayInputStream(bytes));
            this.staying = staying;
            this.loader = loader;
            enableResolveObject(true);
        }

        @Override
        protected Class<?> resolveClass(ObjectStreamClass description) throws IOException, ClassNotFoundException {
            try {
                return Class.forName(description.getName(), false, loader);
            } catch (ClassNotFoundException primitiveOrOfTheTestKit) {
                return super.resolveClass(description);
            }
        }

        @Override
        protected Object resolveObject(Object value) {
            return value instanceof Place place ? staying.get(place.index()) : value;
        }
    }
}
