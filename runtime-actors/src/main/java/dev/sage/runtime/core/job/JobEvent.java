package dev.sage.runtime.core.job;

import dev.sage.api.CleanupReport;
import dev.sage.api.JobFailure;
import dev.sage.api.JobState;
import java.time.Duration;

/** What has happened to a job. */
public sealed interface JobEvent {
    record StateChanged(JobState from, JobTrigger trigger, JobState to, String reason) implements JobEvent {}

    record TaskChanged(String task, TaskStatus to) implements JobEvent {}

    record ServiceChanged(String service, ServiceStatus to) implements JobEvent {}

    /** It has become {@link ServiceStatus#HELD}, by this method. */
    record ServiceHeld(String service, String step) implements JobEvent {}

    record OutcomeSettled(JobState outcome, String reason, boolean drain) implements JobEvent {}

    /** Something failed; {@code decisive} when the outcome is FAILED because of it. */
    record FailureRecorded(JobFailure failure, boolean decisive) implements JobEvent {}

    /** A drain was given up for a cancel. */
    record DrainAbandoned() implements JobEvent {}

    /** From now on no phase, the present one neither, has longer than this. */
    record Hurried(Duration phaseTimeout) implements JobEvent {}

    /** The phase of this index in {@link JobSpec#phases} begins. */
    record PhaseEntered(int index, long atNs) implements JobEvent {}

    /** Its time is up: what can begin only now has as much again. */
    record PhaseProlonged() implements JobEvent {}

    record PhaseTroubled() implements JobEvent {}

    record InterruptsDue() implements JobEvent {}

    /** What the present phase was to release outside of the JVM has been, or was given up. */
    record ReleaseAnswered() implements JobEvent {}

    record Reported(CleanupReport.Line line) implements JobEvent {}
}
