package dev.sage.node.core;

import dev.sage.client.wire.JobOptions;
import java.util.Optional;

/**
 * A job as it was submitted.
 *
 * @param id that no other job has, live or finished
 * @param key the idempotency key
 * @param contentHash of all that the client sent; two submissions with one key must have the same
 */
public record NewJob(
        String id,
        String name,
        String owner,
        Optional<String> key,
        String contentHash,
        JobOptions options,
        Work work) {}
