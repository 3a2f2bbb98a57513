package dev.sage.client.wire;

import org.jspecify.annotations.Nullable;

/**
 * What the stream of all jobs tells.
 *
 * @param job as it is now; null when changes were left out, and what is shown of jobs and resources must be read anew
 * @param done what its tasks have done by now; null when nothing is known of them
 */
public record JobChange(@Nullable JobView job, @Nullable JobWork done) {
    /** Changes before this one are not told. */
    public static final JobChange RESET = new JobChange(null, null);
}
