package dev.sage.node.core;

import java.time.Instant;
import java.util.Optional;

/**
 * A job that was accepted and has not ended.
 *
 * @param attempt 1, and one more for each restart after the loss of a node
 * @param startedAt of this attempt; empty while it waits
 * @param cancelled the reason, once it is to end
 */
public record RegisteredJob(
        NewJob job, int attempt, Instant submittedAt, Optional<Instant> startedAt, Optional<String> cancelled) {

    public String id() {
        return job.id();
    }

    /** As it is kept once it has ended, when nobody needs its graph. */
    public RegisteredJob withoutGraph() {
        return job.graphBytes() == 0
                ? this
                : new RegisteredJob(job.withoutGraph(), attempt, submittedAt, startedAt, cancelled);
    }
}
