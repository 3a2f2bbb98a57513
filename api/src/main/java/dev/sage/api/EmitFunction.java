package dev.sage.api;

import java.io.Serializable;

/**
 * Turns one record into any number of others by pushing them. The quickest form of a flat map when the number of results
 * is moderate; {@link FlatMapFunction} is the one without a limit.
 *
 * <p>{@code emit} never blocks. What one call emits beyond the free buffers is held in memory up to
 * {@code sage.exchange.overdraw-records}; the record that exceeds it fails the job with the operator's name.
 */
@FunctionalInterface
public interface EmitFunction<T, R> extends Serializable {
    void apply(T value, Emitter<R> out) throws Exception;
}
