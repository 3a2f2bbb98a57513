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
        String id, String name, String owner, Optional<String> key, String contentHash, JobOptions options, Work work) {

    /** What its graph takes here, in bytes; 0 where it has none, or that is a file. */
    public int graphBytes() {
        return work instanceof Work.Pipeline pipeline
                ? pipeline.graph().map(String::length).orElse(0)
                : 0;
    }

    /** The same, as it is kept once it has ended. */
    NewJob withoutGraph() {
        return graphBytes() > 0 && work instanceof Work.Pipeline pipeline
                ? new NewJob(
                        id,
                        name,
                        owner,
                        key,
                        contentHash,
                        options,
                        new Work.Pipeline(pipeline.sage(), pipeline.java(), pipeline.artifacts(), Optional.empty()))
                : this;
    }
}
