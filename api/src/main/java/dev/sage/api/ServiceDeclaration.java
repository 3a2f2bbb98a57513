package dev.sage.api;

import java.time.Duration;

/** A service of the job that is being built. Its settings are fixed when the job is submitted. */
public interface ServiceDeclaration<S extends Service> extends ServiceRef<S> {
    /** One call at a time, in the order of arrival. The default. */
    ServiceDeclaration<S> serial();

    /** At most this many calls at once. */
    ServiceDeclaration<S> concurrent(int calls);

    /** How long a call waits for its turn; {@code sage.service.call-timeout} when not given. */
    ServiceDeclaration<S> callTimeout(Duration timeout);

    /** Starts after these services, and stops before them. */
    ServiceDeclaration<S> dependsOn(String... services);
}
