package dev.sage.runtime.ray;

import java.time.Duration;

/**
 * See {@code sage.ray} in reference.conf.
 *
 * @param startWithin that of jobs
 * @param cleanUpWithin of one actor, with its end; at most half of {@code releaseWithin}
 * @param releaseWithin of all actors of a job, with the proof of their end
 * @param batchRecords of one call of an operator, where its pool does not say
 * @param callsPerActor batches that an actor has under way
 */
public record RaySettings(
        Duration startWithin,
        Duration cleanUpWithin,
        Duration releaseWithin,
        Duration batchWithin,
        int batchRecords,
        int callsPerActor) {
    /** What an answer takes longer than the time that it was given. */
    static final Duration GRACE = Duration.ofSeconds(1);
}
