package dev.sage.node.core;

import dev.sage.client.wire.JobView;

/** A job that has ended and must be copied to the history. */
public record Ended(RegisteredJob job, Outcome outcome) {

    public JobView view() {
        NewJob submitted = job.job();
        return new JobView(
                submitted.id(),
                submitted.name(),
                submitted.owner(),
                outcome.state(),
                submitted.options().autostop(),
                submitted.options().detached(),
                submitted.options().priority(),
                job.attempt(),
                0,
                0,
                false,
                outcome.clean(),
                outcome.cause().isEmpty() ? null : outcome.cause(),
                submitted.key().orElse(null),
                job.submittedAt(),
                job.startedAt().orElse(null),
                outcome.endedAt());
    }
}
