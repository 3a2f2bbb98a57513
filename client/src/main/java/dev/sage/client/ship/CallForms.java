package dev.sage.client.ship;

import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the bytes of a call and of its answer hold. */
final class CallForms {
    private CallForms() {}

    /**
     * A call.
     *
     * @param owner of the method; null for a call by name
     * @param parameters names of types; empty for a call by name
     */
    record Call(@Nullable String owner, String method, List<String> parameters, List<@Nullable Object> arguments)
            implements Serializable {}

    record Value(@Nullable Object value) implements Serializable {}

    /**
     * What was thrown.
     *
     * @param thrown itself, serialized; null where it could not be
     * @param text its stack trace
     */
    @SuppressWarnings("ArrayRecordComponent") // Bytes that are read once.
    record Failure(
            byte @Nullable [] thrown, String type, @Nullable String message, String text) implements Serializable {}
}
