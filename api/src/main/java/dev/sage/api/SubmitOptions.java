package dev.sage.api;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a job is to be run. Immutable; each method answers changed options.
 *
 * @param isAutostop end the job with its last task; without it the job becomes {@link JobState#IDLE}
 * @param keptServices services that outlive the job when it is COMPLETED
 * @param deadline from the submission; when it has passed the job is ended as {@link JobState#TIMED_OUT}
 * @param phaseTimeouts overrides of {@code sage.job-shutdown.phases.*.timeout}, by phase
 */
public record SubmitOptions(
        boolean isAutostop,
        List<String> keptServices,
        Optional<Duration> deadline,
        Map<String, Duration> phaseTimeouts) {

    public SubmitOptions {
        keptServices = List.copyOf(keptServices);
        phaseTimeouts = Map.copyOf(phaseTimeouts);
        deadline.ifPresent(time -> requirePositive("deadline", time));
        phaseTimeouts.forEach((phase, time) -> requirePositive("phaseTimeout(" + phase + ")", time));
    }

    /** A job that stays {@link JobState#IDLE} after its last task, with its services, until it is stopped. */
    public static SubmitOptions keepRunning() {
        return new SubmitOptions(false, List.of(), Optional.empty(), Map.of());
    }

    /** A job that ends, and is cleaned up, with its last task. */
    public static SubmitOptions autostop() {
        return new SubmitOptions(true, List.of(), Optional.empty(), Map.of());
    }

    /** These services go on after a COMPLETED job, until they are ended by name or their environment is closed. */
    public SubmitOptions keepServices(String... names) {
        return new SubmitOptions(isAutostop, List.of(names), deadline, phaseTimeouts);
    }

    public SubmitOptions deadline(Duration time) {
        return new SubmitOptions(isAutostop, keptServices, Optional.of(time), phaseTimeouts);
    }

    /** How long a phase of the job's shutdown may take, for example {@code stop-services}. */
    public SubmitOptions phaseTimeout(String phase, Duration time) {
        Map<String, Duration> changed = new LinkedHashMap<>(phaseTimeouts);
        changed.put(phase, time);
        return new SubmitOptions(isAutostop, keptServices, deadline, changed);
    }

    private static void requirePositive(String what, Duration time) {
        if (time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException(what + " is " + time + ", and must be positive.");
        }
    }
}
