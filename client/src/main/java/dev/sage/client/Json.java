package dev.sage.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.sage.api.SageException;
import dev.sage.client.wire.Wire;

/** Reads what a stream of the node tells. */
final class Json {
    private Json() {}

    static <T> T read(String text, Class<T> type) {
        try {
            return Wire.mapper().readValue(text, type);
        } catch (JsonProcessingException e) {
            throw new SageException(
                    "node.version",
                    "The node has sent a " + type.getSimpleName() + " that this client does not understand. Maybe their"
                            + " versions are not the same.",
                    e);
        }
    }
}
