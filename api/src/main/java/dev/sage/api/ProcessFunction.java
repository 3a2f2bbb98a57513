package dev.sage.api;

import java.io.Serializable;

/**
 * Works on the records of a key with values that it keeps for that key. Any number of results is pushed; as with {@link
 * EmitFunction}, what one call emits beyond the free buffers is limited by {@code sage.exchange.overdraw-records}.
 */
@FunctionalInterface
public interface ProcessFunction<K, T, R> extends Serializable {
    /** Called for each record, for those of one key in their order. */
    void process(T value, KeyContext<K> context, Emitter<R> out) throws Exception;

    /** Called when the stream has ended, once for each key that has values, in no particular order of the keys. */
    default void end(KeyContext<K> context, Emitter<R> out) throws Exception {}
}
