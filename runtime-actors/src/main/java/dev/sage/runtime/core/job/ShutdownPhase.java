package dev.sage.runtime.core.job;

import java.time.Duration;
import java.util.List;

/**
 * One phase of a job's shutdown, as configured under {@code sage.job-shutdown.phases}.
 *
 * @param recover whether the later phases run after a failure in this one; if not, what they would have released is
 *     reported as not released
 */
public record ShutdownPhase(Step step, Duration timeout, boolean recover) {

    /** The phases in the order in which they run unless the configuration orders them otherwise. */
    public enum Step {
        STOP_SOURCES,
        DRAIN_TASKS,
        STOP_TASKS,
        STOP_SERVICES,
        CLEANUP_SERVICES,
        RELEASE_RAY_ACTORS,
        STOP_PROCESSES,
        RELEASE_RESOURCES,
        RECORD_OUTCOME;

        /** As in the configuration and in reports: {@code stop-services}. */
        public String key() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }
    }

    public String name() {
        return step.key();
    }

    /** How long the phase of this step may take. */
    public static Duration timeoutOf(List<ShutdownPhase> phases, Step step) {
        return phases.stream().filter(phase -> phase.step == step).findFirst().orElseThrow().timeout;
    }
}
