package dev.sage.runtime.ray;

import dev.sage.api.RayCode;
import dev.sage.api.Remote;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An actor that is to be made.
 *
 * @param name once in the namespace
 * @param arguments of its constructor
 * @param concurrency how many calls it runs at once
 * @param classes of the user's Java code
 * @param lasting whether it outlives the gateway that makes it, and with that the program, until it is ended by its name
 * @param within how long its making may take, with the wait for what it needs
 */
public record ActorSpec(
        String name,
        RayCode code,
        List<@Nullable Object> arguments,
        Remote needs,
        int concurrency,
        @Nullable ClassLoader classes,
        boolean lasting,
        Duration within) {
    public ActorSpec {
        arguments = Collections.unmodifiableList(new ArrayList<>(arguments));
    }
}
