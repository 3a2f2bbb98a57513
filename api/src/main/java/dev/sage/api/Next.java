package dev.sage.api;

import java.time.Duration;

/**
 * What a {@link BatchFunction} or {@link SourceFunction} answers: a record, nothing at the moment, or the end. "Nothing
 * now" and "the end" are different values, so that neither can be taken for the other.
 */
public sealed interface Next<T> {

    /** One record. */
    static <T> Next<T> of(T value) {
        return new Value<>(value);
    }

    /** Nothing at the moment; the runtime asks again after this time, and holds no thread meanwhile awake. */
    static <T> Next<T> nothingFor(Duration time) {
        return new Nothing<>(time);
    }

    /** There will be no more records. The function is not called again. */
    static <T> Next<T> end() {
        return new End<>();
    }

    /** See {@link #of}. */
    record Value<T>(T value) implements Next<T> {}

    /** See {@link #nothingFor}. */
    record Nothing<T>(Duration time) implements Next<T> {
        public Nothing {
            if (time.isNegative() || time.isZero()) {
                throw new IllegalArgumentException(
                        "Next.nothingFor(" + time + "): the time until the next question must be positive.");
            }
        }
    }

    /** See {@link #end}. */
    record End<T>() implements Next<T> {}
}
