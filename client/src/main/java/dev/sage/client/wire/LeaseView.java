package dev.sage.client.wire;

import java.time.Duration;

/**
 * The hold that an attached client has on its job.
 *
 * @param timeToLive for how long it lasts without being renewed
 */
public record LeaseView(String jobId, Duration timeToLive) {}
