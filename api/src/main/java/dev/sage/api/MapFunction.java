package dev.sage.api;

import java.io.Serializable;

/** Turns one record into one other record. The result must not be null: to drop a record use {@code filter} or {@code flatMap}. */
@FunctionalInterface
public interface MapFunction<T, R> extends Serializable {
    R apply(T value) throws Exception;
}
