package dev.sage.runtime.plan;

import dev.sage.api.graph.Partitioning;

/**
 * An edge of the graph that leaves a task. Its records travel in batches through bounded queues, one for each pair of
 * instances that can meet.
 *
 * @param id its index in {@link Plan#exchanges}
 */
public record Exchange(int id, int fromVertex, int fromChain, int toVertex, int toChain, Partitioning partitioning) {}
