package dev.sage.api.spi;

import dev.sage.api.LocalEnvironment;
import java.util.Map;

/** Makes local environments; found by {@link java.util.ServiceLoader}. */
public interface LocalRuntimeProvider {
    LocalEnvironment create(String name, Map<String, ?> settings);

    /**
     * Ends all jobs and services of this JVM, with less patience than closing their environments has: processes are killed
     * at once, and each step of a clean-up that still runs is bounded by {@code sage.job-shutdown.hurried-timeout}. For
     * whoever handles a second signal. Does not wait; whoever closes an environment waits, as always.
     */
    void hurry();
}
