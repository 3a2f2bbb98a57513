package dev.sage.runtime.ray;

import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One call of a method of an actor.
 *
 * @param parameters the names of the types that a proxy's method has; empty where the arguments must tell
 * @param answer what is made of the answer; {@code Object} for what comes by itself
 * @param within from now until the answer must be there
 */
public record RayCall(
        String method, List<String> parameters, List<@Nullable Object> arguments, Type answer, Duration within) {
    public RayCall {
        parameters = List.copyOf(parameters);
        arguments = Collections.unmodifiableList(new ArrayList<>(arguments));
    }

    /** By its name. */
    public static RayCall of(String method, Type answer, Duration within, @Nullable Object... arguments) {
        return new RayCall(method, List.of(), Arrays.asList(arguments), answer, within);
    }
}
