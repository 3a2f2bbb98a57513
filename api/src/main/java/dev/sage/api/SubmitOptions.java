package dev.sage.api;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

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
 * @param isDetached of a job of a node: it needs no client; without it the job ends with its client. A local job never
 *     outlives its JVM, and this changes nothing
 * @param idempotencyKey of a job of a node: a second submission with the same key and content answers the first one's job
 * @param onNodeLoss of a job of a node: what becomes of it when its node dies while it runs
 */
public record SubmitOptions(
        boolean isAutostop,
        List<String> keptServices,
        Optional<Duration> deadline,
        Map<String, Duration> phaseTimeouts,
        int priority,
        int gpus,
        int ports,
        Optional<String> owner,
        boolean isDetached,
        Optional<String> idempotencyKey,
        NodeLoss onNodeLoss) {
    /** The greatest {@code priority}; the least is the same with a minus. */
    public static final int HIGHEST_PRIORITY = 1_000;

    private static final int MAX_KEY = 255;
    private static final SubmitOptions DEFAULTS = new SubmitOptions(
            false,
            List.of(),
            Optional.empty(),
            Map.of(),
            0,
            0,
            0,
            Optional.empty(),
            false,
            Optional.empty(),
            NodeLoss.FAIL);

    /** What becomes of a job whose node dies while it runs, when a node is there again. One that waits, waits on. */
    public enum NodeLoss {
        /** The job is FAILED, with the cause {@code NodeLost}. */
        FAIL,
        /** The job starts from its beginning: what it did outside of Sage before is done twice. */
        RESTART
    }

    public SubmitOptions {
        keptServices = List.copyOf(keptServices);
        phaseTimeouts = Map.copyOf(phaseTimeouts);
        deadline.ifPresent(time -> requirePositive("deadline", time));
        phaseTimeouts.forEach((phase, time) -> requirePositive("phaseTimeout(" + phase + ")", time));
        requireWithin("priority", priority, -HIGHEST_PRIORITY, HIGHEST_PRIORITY);
        requireWithin("gpus", gpus, 0, Integer.MAX_VALUE);
        requireWithin("ports", ports, 0, Integer.MAX_VALUE);
        owner.filter(String::isBlank).ifPresent(blank -> {
            throw new IllegalArgumentException("owner is '" + blank + "', and must not be blank.");
        });
        idempotencyKey.filter(key -> key.isBlank() || key.length() > MAX_KEY).ifPresent(key -> {
            throw new IllegalArgumentException("idempotencyKey has " + key.length()
                    + " characters, and must have from 1 to " + MAX_KEY + ", not all blank.");
        });
    }

    /** A job that stays {@link JobState#IDLE} after its last task, with its services, until it is stopped. */
    public static SubmitOptions keepRunning() {
        return DEFAULTS;
    }

    /** A job that ends, and is cleaned up, with its last task. */
    public static SubmitOptions autostop() {
        return DEFAULTS.with(draft -> draft.isAutostop = true);
    }

    /** These services go on after a COMPLETED job, until they are ended by name or their environment is closed. */
    public SubmitOptions keepServices(String... names) {
        return with(draft -> draft.keptServices = List.of(names));
    }

    /** From the submission, the time in the queue included, to the end of the last task. */
    public SubmitOptions deadline(Duration time) {
        return with(draft -> draft.deadline = Optional.of(time));
    }

    /** How long a phase of the job's shutdown may take, for example {@code stop-services}. */
    public SubmitOptions phaseTimeout(String phase, Duration time) {
        Map<String, Duration> changed = new LinkedHashMap<>(phaseTimeouts);
        changed.put(phase, time);
        return with(draft -> draft.phaseTimeouts = changed);
    }

    /** From -1,000 to 1,000; 0 when not given. The higher starts first, and nobody is overtaken for ever. */
    public SubmitOptions priority(int value) {
        return with(draft -> draft.priority = value);
    }

    /**
     * So many GPUs for code of the job itself, see {@link ServiceContext#gpus} and {@link JobHandle#leases}. The job waits
     * until it has these and those of its programs, all at once; if there are not as many, it fails at once with the
     * numbers. They are its own until its clean-up.
     */
    public SubmitOptions gpus(int count) {
        return with(draft -> draft.gpus = count);
    }

    /** So many ports of this machine for code of the job itself, see {@link ServiceContext#ports}. As {@link #gpus(int)}. */
    public SubmitOptions ports(int count) {
        return with(draft -> draft.ports = count);
    }

    /** Whose limits apply, {@code sage.queue.max-running-per-owner} and {@code sage.queue.max-gpus-per-owner}. */
    public SubmitOptions owner(String name) {
        return with(draft -> draft.owner = Optional.of(name));
    }

    /** A job of a node goes on without its client. */
    public SubmitOptions detached() {
        return with(draft -> draft.isDetached = true);
    }

    /** A job of a node is submitted once, however often this is tried with the same key. At most 255 characters. */
    public SubmitOptions idempotencyKey(String key) {
        return with(draft -> draft.idempotencyKey = Optional.of(key));
    }

    /** What becomes of a job of a node when that dies while the job runs. */
    public SubmitOptions onNodeLoss(NodeLoss policy) {
        return with(draft -> draft.onNodeLoss = policy);
    }

    private SubmitOptions with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.options();
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

    private static final class Draft {
        private boolean isAutostop;
        private List<String> keptServices;
        private Optional<Duration> deadline;
        private Map<String, Duration> phaseTimeouts;
        private int priority;
        private int gpus;
        private int ports;
        private Optional<String> owner;
        private boolean isDetached;
        private Optional<String> idempotencyKey;
        private NodeLoss onNodeLoss;

        private Draft(SubmitOptions options) {
            isAutostop = options.isAutostop;
            keptServices = options.keptServices;
            deadline = options.deadline;
            phaseTimeouts = options.phaseTimeouts;
            priority = options.priority;
            gpus = options.gpus;
            ports = options.ports;
            owner = options.owner;
            isDetached = options.isDetached;
            idempotencyKey = options.idempotencyKey;
            onNodeLoss = options.onNodeLoss;
        }

        private SubmitOptions options() {
            return new SubmitOptions(
                    isAutostop,
                    keptServices,
                    deadline,
                    phaseTimeouts,
                    priority,
                    gpus,
                    ports,
                    owner,
                    isDetached,
                    idempotencyKey,
                    onNodeLoss);
        }
    }
}
