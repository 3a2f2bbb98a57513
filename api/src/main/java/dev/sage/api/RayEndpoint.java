package dev.sage.api;

import org.jspecify.annotations.Nullable;

/**
 * A {@link RayService} as its callers see it, where an interface of their own ({@code declaration.as(Embedder.class)}) is
 * too much. A call blocks the caller's thread; waiting for its turn and the answer together take at most twice the
 * service's call timeout. May be used from any thread; as many at once as the declaration says.
 */
public interface RayEndpoint extends Service {
    /** The name that the actor has in the cluster; another one after a restart. */
    String actor();

    /**
     * Calls a method by its name. What a class of Python answers is null, Boolean, Long, BigInteger, Double, String, byte[],
     * List or Map.
     *
     * @throws PythonException when the method raised something
     * @throws ServiceException with code {@code service.method} when there is none of this name, {@code service.timeout}
     *     when the answer was not there in time
     */
    @Nullable
    Object call(String method, @Nullable Object... arguments) throws Exception;

    /** As {@link #call(String, Object...)}, with the answer as this type: a record, a bean, a box, an array. */
    <T> @Nullable T call(Class<T> type, String method, @Nullable Object... arguments) throws Exception;
}
