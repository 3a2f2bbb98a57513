package dev.sage.api.spi;

import dev.sage.api.LocalEnvironment;
import java.util.Map;

/** Makes local environments; found by {@link java.util.ServiceLoader}. */
public interface LocalRuntimeProvider {
    /** The precedence of one that makes no environments in this JVM. */
    int NOT_NOW = -1;

    /** Of several on the class path, the one with the highest makes the environments; 0 for the local runtime. */
    default int precedence() {
        return 0;
    }

    LocalEnvironment create(String name, Map<String, ?> settings);

    /**
     * Ends all jobs and services of this JVM, with less patience than closing their environments has: processes are killed
     * at once, and each step of a clean-up that still runs is bounded by {@code sage.job-shutdown.hurried-timeout}. For
     * whoever handles a second signal. Does not wait; whoever closes an environment waits, as always.
     */
    void hurry();
}
