package dev.sage.api.spi;

import java.io.IOException;

/** Writes values as JSON on one line; found by {@link java.util.ServiceLoader}, so that the api needs no JSON library. */
public interface JsonFormat {
    String write(Object value) throws IOException;
}
