package dev.sage.api;

/** Where an {@link EmitFunction} puts its results. Valid only during the call that it was given to, on its thread. */
public interface Emitter<R> {
    /** Passes one record on. Never blocks; the record must not be null. */
    void emit(R value);
}
