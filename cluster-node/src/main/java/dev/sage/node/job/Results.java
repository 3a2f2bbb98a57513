package dev.sage.node.job;

import dev.sage.api.CleanupReport;
import dev.sage.api.JobFailure;
import dev.sage.api.JobResult;
import dev.sage.api.JobState;
import dev.sage.client.wire.JobView;
import dev.sage.node.core.NewJob;
import dev.sage.node.core.RegisteredJob;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Views and results of jobs that the engine does not have. */
final class Results {
    private Results() {}

    static JobView queued(RegisteredJob registered) {
        NewJob job = registered.job();
        return new JobView(
                job.id(),
                job.name(),
                job.owner(),
                JobState.QUEUED,
                job.options().autostop(),
                job.options().detached(),
                job.options().priority(),
                registered.attempt(),
                0,
                0,
                true,
                null,
                null,
                job.key().orElse(null),
                registered.submittedAt(),
                null,
                null);
    }

    static JobResult failed(RegisteredJob registered, String reason, Throwable cause) {
        return ended(registered.id(), registered.job().name(), JobState.FAILED, reason, Optional.of(cause));
    }

    /** Of a job that nothing is known of but its end. */
    static JobResult ended(JobView job) {
        String cause = job.cause();
        return ended(job.id(), job.name(), job.state(), cause == null ? "" : cause, Optional.empty());
    }

    private static JobResult ended(String id, String name, JobState state, String reason, Optional<Throwable> cause) {
        return new JobResult(
                id,
                name,
                state,
                reason,
                state == JobState.FAILED
                        ? Optional.of(new JobFailure(
                                JobFailure.Origin.RUNTIME, id, 0, OptionalLong.empty(), "run", cause, reason))
                        : Optional.empty(),
                List.of(),
                List.of(),
                Map.of(),
                new CleanupReport(List.of()),
                Duration.ZERO);
    }
}
