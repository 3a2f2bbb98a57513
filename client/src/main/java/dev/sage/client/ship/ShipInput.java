package dev.sage.client.ship;

import java.io.IOException;
import java.io.InputStream;
import java.io.InvalidObjectException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectStreamClass;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads what {@link ShipOutput} wrote, with the classes of one loader only. */
final class ShipInput extends ObjectInputStream {
    /** Deeper than data is nested. Some classes take more stack than others, so that the stack may end before. */
    private static final long MAX_DEPTH = 500;

    private static final Map<String, Class<?>> PRIMITIVES = Stream.of(
                    boolean.class,
                    byte.class,
                    char.class,
                    short.class,
                    int.class,
                    long.class,
                    float.class,
                    double.class,
                    void.class)
            .collect(Collectors.toUnmodifiableMap(Class::getName, type -> type));

    private final ClassLoader loader;
    private final Function<Forms.Form, @Nullable Object> outside;
    private @Nullable ClassNotFoundException missing;

    /**
     * Of a number of bytes.
     *
     * @param outside the object that a form stands for; null for what the form itself says
     * @param bytes how many there are; an array of more elements than that many bytes can tell is refused before there is
     *     memory taken for it
     */
    ShipInput(InputStream in, ClassLoader loader, Function<Forms.Form, @Nullable Object> outside, long bytes)
            throws IOException {
        super(in);
        this.loader = loader;
        this.outside = outside;
        // A hash table of the JDK takes up to eight places for an entry.
        long maxArray = bytes > Long.MAX_VALUE / 16 ? Long.MAX_VALUE : 8 * bytes + 64;
        setObjectInputFilter(asked -> asked.depth() > MAX_DEPTH || asked.arrayLength() > maxArray
                ? ObjectInputFilter.Status.REJECTED
                : ObjectInputFilter.Status.UNDECIDED);
        enableResolveObject(true);
    }

    /**
     * As {@link #readObject}, but a class that is missing is said to be missing also where the JDK goes on without it, and
     * stumbles over the hole that it left.
     */
    Object next() throws IOException, ClassNotFoundException {
        try {
            return readObject();
        } catch (IOException | RuntimeException e) {
            ClassNotFoundException first = missing;
            if (first != null) {
                first.addSuppressed(e);
                throw first;
            }
            throw e;
        } catch (StackOverflowError e) {
            InvalidObjectException deep = new InvalidObjectException("The objects are nested too deeply to be read.");
            deep.initCause(e);
            throw deep;
        }
    }

    @Override
    protected Class<?> resolveClass(ObjectStreamClass description) throws ClassNotFoundException {
        String name = description.getName();
        if (name.startsWith(Forms.class.getName() + "$") || name.startsWith(CallForms.class.getName() + "$")) {
            return Class.forName(name, false, Forms.class.getClassLoader());
        }
        Class<?> primitive = PRIMITIVES.get(name);
        return primitive == null ? known(name) : primitive;
    }

    /** Never by the loader of whoever calls this, which knows other classes than the user's code does. */
    private Class<?> known(String name) throws ClassNotFoundException {
        try {
            return Class.forName(name, false, loader);
        } catch (ClassNotFoundException e) {
            missing = missing == null ? e : missing;
            throw e;
        }
    }

    @Override
    @SuppressWarnings("deprecation") // The way that does not need an instance.
    protected Class<?> resolveProxyClass(String[] interfaces) throws ClassNotFoundException {
        Class<?>[] types = new Class<?>[interfaces.length];
        for (int i = 0; i < interfaces.length; i++) {
            types[i] = known(interfaces[i]);
        }
        return Proxy.getProxyClass(loader, types);
    }

    @Override
    protected Object resolveObject(Object value) throws IOException {
        if (!(value instanceof Forms.Form form)) {
            return value;
        }
        Object object = outside.apply(form);
        return object == null ? form.value() : object;
    }
}
