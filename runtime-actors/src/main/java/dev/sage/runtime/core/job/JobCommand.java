package dev.sage.runtime.core.job;

import dev.sage.api.CleanupReport;
import dev.sage.api.JobFailure;
import dev.sage.runtime.core.job.ShutdownPhase.Step;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What a job is asked, and what it is told. */
public sealed interface JobCommand {
    record Admit() implements JobCommand {}

    /** It waits, and is never to start. */
    record Refuse(String reason) implements JobCommand {}

    record Pause() implements JobCommand {}

    record Resume() implements JobCommand {}

    /** Drain, then end. */
    record Stop(String reason) implements JobCommand {}

    record Cancel(String reason) implements JobCommand {}

    /**
     * Cancel, with less patience: processes are killed now, user code is interrupted now, and no phase has longer than
     * this any more.
     */
    record Hurry(String reason, Duration phaseTimeout) implements JobCommand {}

    record DeadlinePassed() implements JobCommand {}

    record StartTimedOut() implements JobCommand {}

    record PhaseTimedOut(Step step) implements JobCommand {}

    record InterruptDue() implements JobCommand {}

    record TaskStarted(String task) implements JobCommand {}

    record TaskEnded(String task) implements JobCommand {}

    record TaskFailed(String task, JobFailure failure) implements JobCommand {}

    record TaskClosed(String task, Optional<JobFailure> failure) implements JobCommand {}

    /** Its actor has died, and its code is being cancelled; that it has closed is told nevertheless. */
    record TaskLost(String task) implements JobCommand {}

    /** What the phase of this entry was to release outside of the JVM is gone, or named in a line that failed. */
    record Released(int entry, List<CleanupReport.Line> lines) implements JobCommand {}

    record ServiceRunning(String service) implements JobCommand {}

    record ServiceFailed(String service, JobFailure failure) implements JobCommand {}

    record ServiceStopped(String service, Optional<JobFailure> failure) implements JobCommand {}

    /** It is cleaned up, but this earlier method of it has not returned; {@link ServiceCleaned} follows when it does. */
    record ServiceHeld(String service, String step, Optional<JobFailure> failure) implements JobCommand {}

    record ServiceCleaned(String service, Optional<JobFailure> failure) implements JobCommand {}

    record ServiceKept(String service) implements JobCommand {}

    /** Its actor has died, and its end runs without it; that it was cleaned up is told nevertheless. */
    record ServiceLost(String service) implements JobCommand {}

    /** Its actor is gone; what that has told may come later. */
    record ServiceTerminated(String service) implements JobCommand {}
}
