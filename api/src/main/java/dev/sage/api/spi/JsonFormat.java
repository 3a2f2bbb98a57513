package dev.sage.api.spi;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Writes values as JSON on one line, and reads them; found by {@link java.util.ServiceLoader}, so that the api needs no
 * JSON library.
 */
public interface JsonFormat {
    String write(Object value) throws IOException;

    /** Null for JSON's {@code null}. */
    <T> @Nullable T read(String json, Class<T> type) throws IOException;
}
