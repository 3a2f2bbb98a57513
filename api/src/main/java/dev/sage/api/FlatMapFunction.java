package dev.sage.api;

import java.io.Serializable;

/**
 * Turns one record into any number of others.
 *
 * <p>The iterable is read lazily, as fast as the consumers downstream take its elements: it may be long, or made on the
 * fly. When the buffers are full the runtime keeps its iterator and goes on from there later.
 */
@FunctionalInterface
public interface FlatMapFunction<T, R> extends Serializable {
    Iterable<? extends R> apply(T value) throws Exception;
}
