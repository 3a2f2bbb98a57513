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
 * @param keptServices services that outlive the job when it is COMPLETED, processes with their GPUs and ports
 * @param deadline from the submission; when it has passed the job is ended as {@link JobState#TIMED_OUT}
 * @param phaseTimeouts overrides of {@code sage.job-shutdown.phases.*.timeout}, by phase
 * @param priority of a job that waits: the higher starts first, and one more for each {@code sage.queue.ageing} of waiting
 * @param gpus for the job itself, besides those of its processes
 * @param ports for the job itself, besides those of its processes
 * @param owner whose limits apply; the user of this JVM's process when empty
 */
public record SubmitOptions(
        boolean isAutostop,
        List<String> keptServices,
        Optional<Duration> deadline,
        Map<String, Duration> phaseTimeouts,
        int priority,
        int gpus,
        int ports,
        Optional<String> owner) {
    private static final int MAX_PRIORITY = 1_000;

    public SubmitOptions {
        keptServices = List.copyOf(keptServices);
        phaseTimeouts = Map.copyOf(phaseTimeouts);
        deadline.ifPresent(time -> requirePositive("deadline", time));
        phaseTimeouts.forEach((phase, time) -> requirePositive("phaseTimeout(" + phase + ")", time));
        requireWithin("priority", priority, -MAX_PRIORITY, MAX_PRIORITY);
        requireWithin("gpus", gpus, 0, Integer.MAX_VALUE);
        requireWithin("ports", ports, 0, Integer.MAX_VALUE);
        owner.filter(String::isBlank).ifPresent(blank -> {
            throw new IllegalArgumentException("owner is '" + blank + "', and must not be blank.");
        });
    }

    /** A job that stays {@link JobState#IDLE} after its last task, with its services, until it is stopped. */
    public static SubmitOptions keepRunning() {
        return new SubmitOptions(false, List.of(), Optional.empty(), Map.of(), 0, 0, 0, Optional.empty());
    }

    /** A job that ends, and is cleaned up, with its last task. */
    public static SubmitOptions autostop() {
        return new SubmitOptions(true, List.of(), Optional.empty(), Map.of(), 0, 0, 0, Optional.empty());
    }

    /** These services go on after a COMPLETED job, until they are ended by name or their environment is closed. */
    public SubmitOptions keepServices(String... names) {
        return new SubmitOptions(isAutostop, List.of(names), deadline, phaseTimeouts, priority, gpus, ports, owner);
    }

    /** From the submission, the time in the queue included, to the end of the last task. */
    public SubmitOptions deadline(Duration time) {
        return new SubmitOptions(
                isAutostop, keptServices, Optional.of(time), phaseTimeouts, priority, gpus, ports, owner);
    }

    /** How long a phase of the job's shutdown may take, for example {@code stop-services}. */
    public SubmitOptions phaseTimeout(String phase, Duration time) {
        Map<String, Duration> changed = new LinkedHashMap<>(phaseTimeouts);
        changed.put(phase, time);
        return new SubmitOptions(isAutostop, keptServices, deadline, changed, priority, gpus, ports, owner);
    }

    /** From -1,000 to 1,000; 0 when not given. The higher starts first, and nobody is overtaken for ever. */
    public SubmitOptions priority(int value) {
        return new SubmitOptions(isAutostop, keptServices, deadline, phaseTimeouts, value, gpus, ports, owner);
    }

    /**
     * So many GPUs for code of the job itself, see {@link ServiceContext#gpus} and {@link JobHandle#leases}. The job waits
     * until it has these and those of its programs, all at once; if there are not as many, it fails at once with the
     * numbers. They are its own until its clean-up.
     */
    public SubmitOptions gpus(int count) {
        return new SubmitOptions(isAutostop, keptServices, deadline, phaseTimeouts, priority, count, ports, owner);
    }

    /** So many ports of this machine for code of the job itself, see {@link ServiceContext#ports}. As {@link #gpus(int)}. */
    public SubmitOptions ports(int count) {
        return new SubmitOptions(isAutostop, keptServices, deadline, phaseTimeouts, priority, gpus, count, owner);
    }

    /** Whose limits apply, {@code sage.queue.max-running-per-owner} and {@code sage.queue.max-gpus-per-owner}. */
    public SubmitOptions owner(String name) {
        return new SubmitOptions(
                isAutostop, keptServices, deadline, phaseTimeouts, priority, gpus, ports, Optional.of(name));
    }

    private static void requirePositive(String what, Duration time) {
        if (time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException(what + " is " + time + ", and must be positive.");
        }
    }

    private static void requireWithin(String what, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    what + " is " + value + ", and must be from " + min + " to " + max + ".");
        }
    }
}
