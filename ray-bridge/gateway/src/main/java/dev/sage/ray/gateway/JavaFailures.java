package dev.sage.ray.gateway;

import dev.sage.ray.wire.EnvelopeException;
import dev.sage.ray.wire.Failure;
import dev.sage.ray.wire.Failure.Kind;
import dev.sage.ray.wire.JavaObjects;
import java.io.PrintWriter;
import java.io.StringWriter;

/** What a user's Java code threw, as text and, where that can be, as the exception itself. */
final class JavaFailures {
    private static final int TRACE_CHARACTERS = 16_000;

    private JavaFailures() {}

    static Failure of(Kind kind, Throwable thrown) {
        StringWriter trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace));
        String text = trace.toString();
        return new Failure(
                kind,
                thrown.getClass().getName(),
                thrown.getMessage() == null ? "" : thrown.getMessage(),
                text.substring(0, Math.min(text.length(), TRACE_CHARACTERS)),
                itself(thrown));
    }

    private static byte[] itself(Throwable thrown) {
        try {
            return JavaObjects.write(thrown);
        } catch (EnvelopeException notSerializable) {
            return new byte[0];
        }
    }
}
