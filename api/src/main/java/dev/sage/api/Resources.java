package dev.sage.api;

import java.time.Instant;
import java.util.List;

/**
 * The GPUs and ports that the jobs of an environment share, who waits for them, and why: for operators and the curious.
 * Each method asks anew, and waits a moment for the answer, at most seconds; after the close of the environment it throws
 * {@link SageException} with code {@code environment.closed}.
 */
public interface Resources {
    /** Those that are configured, by their ids. */
    List<Gpu> gpus();

    /** Those that are leased or quarantined, and all others of a configured range, by their numbers. */
    List<Port> ports();

    /** The ids of the jobs that wait, in the order in which they have their turn. */
    List<String> waiting();

    /** The last decisions on who runs and who waits, oldest first; {@code sage.queue.decisions-kept} of them. */
    List<Decision> decisions();

    /**
     * From now on these GPUs are given to nobody anew, for maintenance; who has one keeps it to the end of the job.
     *
     * @throws IllegalArgumentException when one is not configured; then none was changed
     */
    void drainGpus(int... ids);

    /** Ends a drain, see {@link #drainGpus}. */
    void undrainGpus(int... ids);

    /**
     * One GPU.
     *
     * @param standing in words: free, leased to whom, quarantined why, and whether it is draining
     */
    record Gpu(int id, String standing) {}

    /** One port, as {@link Gpu}. */
    record Port(int number, String standing) {}

    /**
     * What was decided on a job.
     *
     * @param number from 1
     * @param outcome {@code STARTED}, {@code BACKFILLED} (before one whose turn it was, without taking what that waits for),
     *     {@code WAITS}, {@code NOT_ACQUIRED} (something of what was chosen was in use) or {@code REFUSED}
     * @param reason in words, with the numbers
     * @param candidates the GPUs that there were when the job asks for some, each with the verdict on it
     */
    record Decision(long number, Instant at, String job, String outcome, String reason, List<String> candidates) {
        public Decision {
            candidates = List.copyOf(candidates);
        }
    }
}
