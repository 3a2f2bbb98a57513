package dev.sage.api;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a job ended. It exists only once everything has been cleaned up.
 *
 * @param state a terminal state
 * @param reason why it is in that state, in words
 * @param failure the first failure, where there was one
 * @param laterFailures what went wrong after the outcome was settled
 * @param services by name
 * @param cleanup what the job held, with its processes, GPUs and ports, and what became of each
 * @param duration from the submission to the end of the clean-up
 */
public record JobResult(
        String id,
        String name,
        JobState state,
        String reason,
        Optional<JobFailure> failure,
        List<JobFailure> laterFailures,
        List<TaskReport> tasks,
        Map<String, ServiceReport> services,
        CleanupReport cleanup,
        Duration duration) {

    public JobResult {
        if (!state.isTerminal()) {
            throw new IllegalArgumentException("A result has a terminal state, not " + state + ".");
        }
        laterFailures = List.copyOf(laterFailures);
        tasks = List.copyOf(tasks);
        services = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(services));
    }

    /** Whether nothing was left behind, except what was kept on request. */
    public boolean clean() {
        return cleanup.clean();
    }

    /** What error policies did in all tasks together. */
    public ErrorCounts errors() {
        return tasks.stream().map(TaskReport::errors).reduce(ErrorCounts.NONE, ErrorCounts::plus);
    }
}
