package dev.sage.api;

import java.io.Serializable;

/**
 * Makes the record of a number. Called by all parallel instances of the generator, each with numbers of its own; must not
 * block, and answers no null.
 */
@FunctionalInterface
public interface GeneratorFunction<T> extends Serializable {
    T apply(long n) throws Exception;
}
