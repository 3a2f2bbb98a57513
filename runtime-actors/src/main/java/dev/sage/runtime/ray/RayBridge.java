package dev.sage.runtime.ray;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The way to Ray of one environment or node: its gateway, and the cluster behind that. Nothing is started before it is
 * needed; what was lost is started again by the next need. Thread-safe; methods block.
 */
public interface RayBridge extends AutoCloseable {
    /**
     * Starts what is needed to make actors, if it does not run.
     *
     * @throws dev.sage.api.SageException with code {@code ray.unavailable}, and what to do
     */
    RayPlace connect() throws InterruptedException;

    /**
     * Makes an actor and waits for its constructor.
     *
     * @throws dev.sage.api.SageException with code {@code ray.start} when it could not be made, {@code ray.lost} or {@code
     *     ray.unavailable} when there is nobody to make it; it may exist nevertheless
     */
    RayActor create(ActorSpec spec) throws InterruptedException;

    /**
     * Kills actors of ours by their names, without their cleanup: of owners that are dead, or whose making did not end. One
     * that does not exist is gone.
     *
     * @return why those are not known to be gone that are not
     */
    Map<String, String> reap(Set<String> names, Duration within) throws InterruptedException;

    /**
     * As {@link #reap}, in another place than that of {@link #connect}: by a gateway of its own, which is ended then.
     *
     * @return as there; empty when the cluster is gone, and all its actors with it
     */
    Map<String, String> reap(RayPlace place, Set<String> names, Duration within) throws InterruptedException;

    /** What the cluster is, for people: its address, version and GPUs. Empty while nothing was started. Does not block. */
    Optional<String> describe();

    /** Ends the gateway, which ends all its actors, and the cluster if it is our own. */
    @Override
    void close();
}
