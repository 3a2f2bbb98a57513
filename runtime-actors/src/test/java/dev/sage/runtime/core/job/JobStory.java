package dev.sage.runtime.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.api.CleanupReport;
import dev.sage.api.CleanupReport.Outcome;
import dev.sage.api.JobFailure;
import dev.sage.api.JobState;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/** A job that is told one thing after another; for the rules of its life that are tested one by one. */
abstract class JobStory {
    static final JobFailure FAILURE = new JobFailure(
            JobFailure.Origin.OPERATOR, "map", 0, OptionalLong.of(3), "apply", Optional.empty(), "thrown");

    Job job = Job.queued(spec().build());
    /** The time of what it is told. */
    long nowNs;

    static JobSpecBuilder spec() {
        return new JobSpecBuilder();
    }

    final void queue(JobSpecBuilder spec) {
        job = Job.queued(spec.build());
    }

    /** Until it runs. */
    final void start(JobSpecBuilder spec) {
        queue(spec);
        tell(new JobCommand.Admit());
        job.spec().services().keySet().forEach(service -> tell(new JobCommand.ServiceRunning(service)));
        job.spec().tasks().forEach(task -> tell(new JobCommand.TaskStarted(task)));
        assertThat(job.state()).isEqualTo(JobState.RUNNING);
    }

    /** Until its tasks have committed and closed. */
    final void endTasks() {
        job.spec().tasks().forEach(task -> tell(new JobCommand.TaskEnded(task)));
        job.spec().tasks().forEach(task -> tell(closed(task)));
    }

    final void tell(JobCommand... commands) {
        for (JobCommand command : commands) {
            for (JobEvent event : JobDecisions.decide(job, command, nowNs)) {
                job = job.evolve(event);
            }
        }
    }

    final Set<JobEffect> outstanding() {
        return JobEffects.outstanding(job);
    }

    final Set<JobEffect> phaseTimers() {
        return outstanding().stream()
                .filter(JobEffect.PhaseTimer.class::isInstance)
                .collect(Collectors.toSet());
    }

    final List<CleanupReport.Line> failedLines() {
        return job.lines().stream()
                .filter(line -> line.outcome() == Outcome.FAILED)
                .toList();
    }

    /** What is told of this member or phase. */
    final CleanupReport.Line line(String name) {
        List<CleanupReport.Line> lines =
                job.lines().stream().filter(line -> line.name().equals(name)).toList();
        assertThat(lines).hasSize(1);
        return lines.get(0);
    }

    static JobCommand closed(String task) {
        return new JobCommand.TaskClosed(task, Optional.empty());
    }

    static JobCommand stopped(String service) {
        return new JobCommand.ServiceStopped(service, Optional.empty());
    }

    static JobCommand cleaned(String service) {
        return new JobCommand.ServiceCleaned(service, Optional.empty());
    }
}
