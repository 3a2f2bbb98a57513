package dev.sage.client.wire;

import dev.sage.api.JobProgress;

/**
 * What the tasks of a job have done, added up.
 *
 * @param records that they took from sources and inputs
 * @param bytesRead by file sources
 * @param bytesTotal what file sources are to read
 */
public record JobWork(long records, long bytesRead, long bytesTotal) {
    public static JobWork of(JobProgress progress) {
        long records =
                progress.tasks().stream().mapToLong(task -> task.recordsIn()).sum();
        return new JobWork(records, progress.bytesRead(), progress.bytesTotal());
    }
}
