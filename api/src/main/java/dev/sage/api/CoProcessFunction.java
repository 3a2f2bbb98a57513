package dev.sage.api;

import java.io.Serializable;

/**
 * A {@link ProcessFunction} of two streams: the records of a key from both meet in one instance and share the values that
 * are kept for the key. Those of one stream come in their order, those of both in any.
 */
public interface CoProcessFunction<K, A, B, R> extends Serializable {
    /** For a record of the first stream. */
    void processFirst(A value, KeyContext<K> context, Emitter<R> out) throws Exception;

    /** For a record of the second stream. */
    void processSecond(B value, KeyContext<K> context, Emitter<R> out) throws Exception;

    /** Called when both streams have ended, once for each key that has values, in no particular order of the keys. */
    default void end(KeyContext<K> context, Emitter<R> out) throws Exception {}
}
