package dev.sage.api;

/**
 * Something that a job's operators call and that lives as long as the job: an index, a model, a connection pool.
 *
 * <p>Its life is {@code init → start → (calls) → stop → cleanup}. {@code stop} is called if {@code start} succeeded;
 * {@code cleanup} always, exactly once, even when {@code init}, {@code start} or {@code stop} threw. An exception in any
 * of them fails the job, and everything else is cleaned all the same. Life-cycle methods run on a thread where blocking
 * is welcome, never two at once; each is bounded by the timeout of its phase. Public methods beyond these are what
 * operators call, on the caller's thread, as many at once as the declaration says.
 */
public interface Service {
    /** Acquire what is needed. No calls arrive yet. */
    default void init(ServiceContext context) throws Exception {}

    /** Begin to serve; calls arrive once this has returned. */
    default void start() throws Exception {}

    /** No new calls arrive, and the running ones have ended (or their phase's time was up). */
    default void stop() throws Exception {}

    /** Give back what {@link #init} and {@link #start} acquired. */
    default void cleanup() throws Exception {}
}
