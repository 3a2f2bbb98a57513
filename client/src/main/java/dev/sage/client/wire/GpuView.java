package dev.sage.client.wire;

import org.jspecify.annotations.Nullable;

/**
 * A GPU of the node.
 *
 * @param job that has it; null when nobody has
 * @param drained whether no other job will get it
 * @param trouble why it is given to nobody although it is free; null when it can be given
 */
public record GpuView(
        int id,
        @Nullable String job,
        boolean drained,
        @Nullable String trouble) {}
