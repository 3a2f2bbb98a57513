package dev.sage.api;

import java.time.Duration;

/**
 * A service of the job that is being built, or a shared one. Its settings are fixed when the job is submitted; those of a
 * shared service by its first call.
 */
public interface ServiceDeclaration<S extends Service> extends ServiceRef<S> {
    /** One call at a time, in the order of arrival. The default. */
    ServiceDeclaration<S> serial();

    /** At most this many calls at once. */
    ServiceDeclaration<S> concurrent(int calls);

    /** How long a call waits for its turn; {@code sage.service.call-timeout} when not given. */
    ServiceDeclaration<S> callTimeout(Duration timeout);

    /** What happens when it dies while it runs; {@link RestartPolicy#never()} when not given. */
    ServiceDeclaration<S> restart(RestartPolicy policy);

    /** Starts after these services of the same job, and stops before them. May call them, see {@link ServiceContext#service}. */
    ServiceDeclaration<S> dependsOn(String... services);
}
