package dev.sage.client.ship;

import dev.sage.api.ServiceException;
import dev.sage.api.spi.ServiceCaller;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A call of a service, and its answer, as bytes. */
public final class CallCodec {
    private CallCodec() {}

    /**
     * A call by name; the method is chosen by the arguments.
     *
     * @throws ServiceException {@code service.not-serializable} when an argument cannot be sent
     */
    public static byte[] call(String method, Object[] arguments) {
        return written(new CallForms.Call(null, method, List.of(), Arrays.asList(arguments)), method, arguments);
    }

    /** A call of the service's method of the same name and parameter types, as above. */
    public static byte[] call(Method method, Object[] arguments) {
        List<String> parameters =
                Arrays.stream(method.getParameterTypes()).map(Class::getName).toList();
        return written(
                new CallForms.Call(
                        method.getDeclaringClass().getName(), method.getName(), parameters, Arrays.asList(arguments)),
                method.getName(),
                arguments);
    }

    private static byte[] written(CallForms.Call call, String method, Object[] arguments) {
        try {
            return written(call);
        } catch (IOException | RuntimeException e) {
            throw unsent("The arguments of " + method + "(…)", arguments, "argument", e);
        }
    }

    /**
     * Executes a call, on this thread, with the loader as its context class loader, and writes its answer, also where it
     * threw.
     *
     * @param loader of the user's classes
     * @throws IOException when the bytes are not those of a call
     */
    public static byte[] execute(byte[] call, ServiceCaller service, ClassLoader loader) throws IOException {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            return executed(read(call, loader, CallForms.Call.class), service, loader);
        } catch (ClassNotFoundException e) {
            return failure(new ServiceException(
                    "service.method",
                    "The call has an argument of " + e.getMessage() + ", a class that the service's job does not have.",
                    e));
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static byte[] executed(CallForms.Call call, ServiceCaller service, ClassLoader loader) throws IOException {
        @Nullable Object[] arguments = call.arguments().toArray();
        @Nullable Object value;
        try {
            Method method = method(call, loader);
            value = method == null ? service.call(call.method(), arguments) : service.call(method, arguments);
        } catch (Throwable thrown) {
            return failure(thrown);
        }
        try {
            return written(new CallForms.Value(value));
        } catch (IOException | RuntimeException e) {
            return failure(unsent("What " + call.method() + "(…) answers", new Object[] {value}, "answer", e));
        }
    }

    /** The method that the caller's proxy has; null where it cannot be found, so that the arguments must tell. */
    private static @Nullable Method method(CallForms.Call call, ClassLoader loader) {
        if (call.owner() == null) {
            return null;
        }
        try {
            return Arrays.stream(Class.forName(call.owner(), false, loader).getMethods())
                    .filter(method -> method.getName().equals(call.method())
                            && Arrays.stream(method.getParameterTypes())
                                    .map(Class::getName)
                                    .toList()
                                    .equals(call.parameters()))
                    .findFirst()
                    .orElse(null);
        } catch (ClassNotFoundException | LinkageError onlyTheCallerHasIt) {
            return null;
        }
    }

    /** The answer of a call that threw. */
    public static byte[] failure(Throwable thrown) throws IOException {
        byte[] itself;
        try {
            itself = written(thrown);
        } catch (IOException | RuntimeException notSerializable) {
            itself = null;
        }
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return written(
                new CallForms.Failure(itself, thrown.getClass().getName(), thrown.getMessage(), text.toString()));
    }

    /**
     * Reads an answer: returns what the service returned, and throws what it threw, or, where that could not be sent, a
     * {@link ServiceException} of code {@code service.failed} with its text.
     *
     * @param loader of the user's classes
     */
    public static @Nullable Object answer(byte[] answer, ClassLoader loader) throws Throwable {
        Object read = read(answer, loader, Object.class);
        if (read instanceof CallForms.Value value) {
            return value.value();
        }
        if (read instanceof CallForms.Failure failure) {
            throw thrown(failure, loader);
        }
        throw new InvalidObjectException("The bytes are not those of a call's answer.");
    }

    private static Throwable thrown(CallForms.Failure failure, ClassLoader loader) {
        if (failure.thrown() != null) {
            try {
                return read(failure.thrown(), loader, Throwable.class);
            } catch (IOException | ClassNotFoundException | RuntimeException | LinkageError onlyItsTextIsLeft) {
                // As if it had not been serializable.
            }
        }
        return new ServiceException(
                "service.failed",
                "The service threw a " + failure.type() + ", which cannot be sent: " + failure.message() + "\n"
                        + failure.text());
    }

    private static ServiceException unsent(String what, @Nullable Object[] values, String name, Exception cause) {
        String why = Arrays.stream(values)
                .flatMap(value -> SerializationObstacle.find(value, name, inner -> false).stream())
                .findFirst()
                .map(SerializationObstacle::describe)
                .orElse(cause.toString());
        return new ServiceException("service.not-serializable", what + " cannot be sent: " + why + ".", cause);
    }

    private static byte[] written(Object value) throws IOException {
        return GraphCodec.written(value, UnaryOperator.identity());
    }

    private static <T> T read(byte[] bytes, ClassLoader loader, Class<T> type)
            throws IOException, ClassNotFoundException {
        try (ShipInput in = new ShipInput(new ByteArrayInputStream(bytes), loader, form -> null, bytes.length)) {
            Object read = in.next();
            if (!type.isInstance(read)) {
                throw new InvalidObjectException("The bytes are not those of a call or its answer.");
            }
            return type.cast(read);
        }
    }
}
