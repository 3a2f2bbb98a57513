package dev.sage.api;

import java.util.List;

/** A look at a running job. The figures of different tasks are not of exactly the same moment. */
public record JobProgress(JobState state, List<TaskReport> tasks) {
    public JobProgress {
        tasks = List.copyOf(tasks);
    }

    /** By all file sources together. */
    public long bytesRead() {
        return tasks.stream().mapToLong(TaskReport::bytesRead).sum();
    }

    /** What all file sources together are to read, as far as that is known. */
    public long bytesTotal() {
        return tasks.stream().mapToLong(TaskReport::bytesTotal).sum();
    }
}
