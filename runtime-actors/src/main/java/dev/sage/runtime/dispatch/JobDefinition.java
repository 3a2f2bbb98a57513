package dev.sage.runtime.dispatch;

import dev.sage.api.CleanupReport;
import dev.sage.api.JobFailure;
import dev.sage.api.JobResult;
import dev.sage.api.JobState;
import dev.sage.api.ServiceReport;
import dev.sage.api.SubmitOptions;
import dev.sage.api.TaskReport;
import dev.sage.api.graph.JobGraph;
import dev.sage.runtime.core.job.JobSpec;
import dev.sage.runtime.core.schedule.Demand;
import dev.sage.runtime.core.schedule.Submission;
import dev.sage.runtime.plan.Plan;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A job as it was submitted.
 *
 * @param spec as far as the job's life is concerned
 * @param demand what it needs of the machine
 * @param observer is told how the job goes
 * @param loader the context class loader of the job's code
 * @param startGate asked once when the job's turn has come; the job starts when the answer is completed
 */
public record JobDefinition(
        String id,
        String name,
        JobGraph graph,
        Plan plan,
        SubmitOptions options,
        JobSpec spec,
        Demand demand,
        JobObserver observer,
        @Nullable ClassLoader loader,
        StartGate startGate,
        long submittedNs) {

    /** As the schedule sees it. */
    public Submission submission() {
        String owner = options.owner().orElseGet(() -> System.getProperty("user.name", "unknown"));
        return new Submission(id, owner, options.priority(), submittedNs, demand);
    }

    /** Its result, where there is no Dispatcher to tell it. */
    public JobResult result(
            JobState state,
            String reason,
            List<JobFailure> laterFailures,
            List<CleanupReport.Line> lines,
            List<TaskReport> tasks,
            Map<String, ServiceReport> services) {
        JobFailure failure =
                new JobFailure(JobFailure.Origin.RUNTIME, id, 0, OptionalLong.empty(), "run", Optional.empty(), reason);
        return new JobResult(
                id,
                name,
                state,
                reason,
                state == JobState.FAILED ? Optional.of(failure) : Optional.empty(),
                laterFailures,
                tasks,
                services,
                new CleanupReport(lines),
                Duration.ofNanos(System.nanoTime() - submittedNs));
    }

    /** The same for a job that left nothing. */
    public JobResult result(JobState state, String reason) {
        return result(state, reason, List.of(), List.of(), List.of(), Map.of());
    }
}
