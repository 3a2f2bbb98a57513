package dev.sage.api;

import java.io.Serializable;

/** Says which records stay. */
@FunctionalInterface
public interface FilterFunction<T> extends Serializable {
    boolean test(T value) throws Exception;
}
