package dev.sage.api;

import java.io.Serializable;

/** Makes one record of two that have the same key. The result must not be null. */
@FunctionalInterface
public interface JoinFunction<A, B, R> extends Serializable {
    R join(A first, B second) throws Exception;
}
