package dev.sage.api;

/** A service that outlived its job on request, or a shared one. */
public interface KeptService {
    /** {@code jobId/name}; the name alone for a shared one. */
    String name();

    /** A typed proxy. */
    <I> I as(Class<I> type);

    /** Stops it and cleans it up; blocks until that is done, at most the two phases' timeouts. Ending it twice does nothing. */
    CleanupReport end() throws InterruptedException;
}
