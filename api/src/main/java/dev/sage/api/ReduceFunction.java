package dev.sage.api;

import java.io.Serializable;

/** Combines two values of one key into one. Called in the order in which the records of the key arrive. */
@FunctionalInterface
public interface ReduceFunction<T> extends Serializable {
    T reduce(T left, T right) throws Exception;
}
