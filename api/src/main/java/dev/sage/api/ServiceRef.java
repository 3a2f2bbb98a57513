package dev.sage.api;

import org.jspecify.annotations.Nullable;

/**
 * A service as its callers see it. May be captured by the functions of the job that declared it.
 *
 * <p>A call runs on the caller's thread. It waits for its turn as the declaration says, at most until the service's call
 * timeout; a call whose time ran out while it waited is not executed and fails with {@link ServiceException} of code
 * {@code service.timeout}. What the service's own code throws arrives as it was thrown.
 */
public interface ServiceRef<S> {
    /** As it was declared. */
    String name();

    /** Calls a public method by its name. Methods of {@link Service} and {@link Object} cannot be called so. */
    @Nullable
    Object call(String method, Object... arguments) throws Exception;

    /**
     * A proxy whose methods are those of the service with the same name and parameters. The service need not implement
     * the interface.
     */
    <I> I as(Class<I> type);
}
