package dev.sage.runtime.core.job;

import dev.sage.runtime.core.job.ShutdownPhase.Step;
import java.time.Duration;
import java.util.Set;

/** What a job in its present state needs done. Doing one twice does no harm, so all are done again after a recovery. */
public sealed interface JobEffect {
    record StartService(String service) implements JobEffect {}

    record StartTask(String task) implements JobEffect {}

    /** Holds a source; {@code change} counts the pauses, so that each one is an effect of its own. */
    record HoldSource(String task, int change) implements JobEffect {}

    record ReleaseSource(String task, int change) implements JobEffect {}

    record StopSource(String task) implements JobEffect {}

    record CommitTask(String task) implements JobEffect {}

    record CancelTask(String task) implements JobEffect {}

    record InterruptTask(String task) implements JobEffect {}

    record AbandonTask(String task) implements JobEffect {}

    record StopService(String service) implements JobEffect {}

    record CleanUpService(String service) implements JobEffect {}

    /** Give up on a service whose clean-up hangs. */
    record AbandonService(String service) implements JobEffect {}

    record KeepService(String service) implements JobEffect {}

    /**
     * Release what the step is for, outside of the JVM, but for what these services have, which have not ended.
     *
     * @param entry counts the phases entered, as one may be entered twice; {@link JobCommand.Released} answers with it
     */
    record ReleaseOutside(Step step, int entry, Set<String> kept) implements JobEffect {}

    /** Kill the processes outside of the JVM, but those of these services; that they are gone is told by who has them. */
    record KillProcesses(Set<String> kept) implements JobEffect {}

    record StartTimer(Duration timeout) implements JobEffect {}

    /** Bounds a phase; {@code number} counts these timers, as a phase may be entered twice, or be prolonged. */
    record PhaseTimer(Step step, int number, Duration timeout) implements JobEffect {}

    record InterruptTimer(Duration after) implements JobEffect {}

    record ReportEnd() implements JobEffect {}
}
