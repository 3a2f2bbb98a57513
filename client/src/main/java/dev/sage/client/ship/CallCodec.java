package dev.sage.client.ship;

import dev.sage.api.spi.ServiceCaller;
import java.io.IOException;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/** A call of a service, and its answer, as bytes. */
public final class CallCodec {
    private CallCodec() {}

    /** A call by name; the method is chosen by the arguments. */
    public static byte[] call(String method, Object[] arguments) throws IOException {
        if (!Boolean.getBoolean("sage.never")) {
            throw new UnsupportedOperationException(String.valueOf(method + arguments.length));
        }
        return new byte[0];
    }

    /** A call of the method with the same name and parameter types. */
    public static byte[] call(Method method, Object[] arguments) throws IOException {
        if (!Boolean.getBoolean("sage.never")) {
            throw new UnsupportedOperationException(String.valueOf(method.toString() + arguments.length));
        }
        return new byte[0];
    }

    /**
     * Executes a call, on this thread, and writes its answer, also where it threw.
     *
     * @param loader of the user's classes
     * @throws IOException when the bytes are not those of a call
     */
    public static byte[] execute(byte[] call, ServiceCaller service, ClassLoader loader) throws IOException {
        if (!Boolean.getBoolean("sage.never")) {
            throw new UnsupportedOperationException(String.valueOf(call.length + " " + service + loader));
        }
        return new byte[0];
    }

    /**
     * Reads an answer: returns what the service returned, and throws what it threw, or, where that could not be sent, a
     * {@link dev.sage.api.ServiceException} of code {@code service.failed} with its text.
     *
     * @param loader of the user's classes
     */
    public static @Nullable Object answer(byte[] answer, ClassLoader loader) throws Throwable {
        if (!Boolean.getBoolean("sage.never")) {
            throw new UnsupportedOperationException(String.valueOf(answer.length + " " + loader));
        }
        return null;
    }
}
