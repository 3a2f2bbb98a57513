package dev.sage.runtime.ray;

import java.lang.reflect.Type;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Calls of one method in one message, carried out one after the other.
 *
 * @param arguments of each call
 * @param answer what is made of each answer
 * @param within from now until all answers must be there
 */
public record RayBatch(String method, List<List<@Nullable Object>> arguments, Type answer, Duration within) {
    public RayBatch {
        arguments = List.copyOf(arguments);
    }

    /** What came of one call: a value, or what its code raised. */
    public record Outcome(@Nullable Object value, @Nullable Throwable thrown) {}
}
