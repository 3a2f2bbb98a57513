package dev.sage.runtime.ray;

import java.time.Duration;

/**
 * See {@code sage.ray} in reference.conf.
 *
 * @param startWithin that of jobs
 * @param batchRecords of one call of an operator, where its pool does not say
 * @param callsPerActor batches that an actor has under way
 */
public record RaySettings(
        Duration startWithin, Duration cleanUpWithin, Duration batchWithin, int batchRecords, int callsPerActor) {}
