package dev.sage.runtime.core.job;

import dev.sage.api.CleanupReport;
import dev.sage.api.JobFailure;
import dev.sage.api.JobState;
import dev.sage.runtime.core.job.ShutdownPhase.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Everything that is true of a job at one moment. Immutable: {@link #evolve} answers the job after an event. */
public final class Job {
    final JobSpec spec;
    private JobState state = JobState.QUEUED;
    private String reason = "submitted";
    private @Nullable JobState outcome;
    private String outcomeReason = "";
    private @Nullable JobFailure failure;
    private List<JobFailure> laterFailures = List.of();
    private Map<String, TaskStatus> tasks;
    private Map<String, ServiceStatus> services;
    private Map<String, String> heldBy = Map.of();
    private int pauses;
    private boolean draining;
    private int phase = -1;
    private int phaseTimers;
    private int phasesEntered;
    /** The services that had not ended when a phase that releases something outside of the JVM was last entered. */
    private Map<Step, Set<String>> spared = Map.of();

    private long phaseSinceNs;
    private boolean phaseTroubled;
    private boolean interruptsDue;
    private @Nullable Duration hurriedTimeout;
    /** The entry of the phase whose release outside of the JVM has been answered last. */
    private int released;

    private List<CleanupReport.Line> lines = List.of();

    private Job(JobSpec spec) {
        this.spec = spec;
        this.tasks = new LinkedHashMap<>();
        this.services = new LinkedHashMap<>();
    }

    public static Job queued(JobSpec spec) {
        Job job = new Job(spec);
        spec.tasks().forEach(task -> job.tasks.put(task, TaskStatus.WAITING));
        spec.services().keySet().forEach(service -> job.services.put(service, ServiceStatus.WAITING));
        return job;
    }

    /** The job after an event. */
    public Job evolve(JobEvent event) {
        Job next = copy();
        next.apply(event);
        return next;
    }

    private Job copy() {
        Job next = new Job(spec);
        next.state = state;
        next.reason = reason;
        next.outcome = outcome;
        next.outcomeReason = outcomeReason;
        next.failure = failure;
        next.laterFailures = laterFailures;
        next.tasks = tasks;
        next.services = services;
        next.heldBy = heldBy;
        next.pauses = pauses;
        next.draining = draining;
        next.phase = phase;
        next.phaseTimers = phaseTimers;
        next.phasesEntered = phasesEntered;
        next.spared = spared;
        next.phaseSinceNs = phaseSinceNs;
        next.phaseTroubled = phaseTroubled;
        next.interruptsDue = interruptsDue;
        next.hurriedTimeout = hurriedTimeout;
        next.released = released;
        next.lines = lines;
        return next;
    }

    private void apply(JobEvent event) {
        if (event instanceof JobEvent.StateChanged changed) {
            state = changed.to();
            reason = changed.reason();
            pauses += state == JobState.PAUSED ? 1 : 0;
        } else if (event instanceof JobEvent.TaskChanged changed) {
            tasks = with(tasks, changed.task(), changed.to());
        } else if (event instanceof JobEvent.ServiceChanged changed) {
            services = with(services, changed.service(), changed.to());
        } else if (event instanceof JobEvent.ServiceHeld held) {
            services = with(services, held.service(), ServiceStatus.HELD);
            heldBy = with(heldBy, held.service(), held.step());
        } else if (event instanceof JobEvent.OutcomeSettled settled) {
            outcome = settled.outcome();
            outcomeReason = settled.reason();
            draining = settled.drain();
        } else if (event instanceof JobEvent.FailureRecorded recorded) {
            if (recorded.decisive()) {
                failure = recorded.failure();
            } else {
                laterFailures = plus(laterFailures, recorded.failure());
            }
        } else if (event instanceof JobEvent.DrainAbandoned) {
            draining = false;
        } else if (event instanceof JobEvent.PhaseEntered entered) {
            phase = entered.index();
            phasesEntered++;
            Step step = spec.phases().get(phase).step();
            if (spec.outside().contains(step)) {
                spared = with(spared, step, servicesThat(status -> !status.hasEnded()));
            }
            phaseTimers++;
            phaseSinceNs = entered.atNs();
            phaseTroubled = false;
        } else if (event instanceof JobEvent.PhaseProlonged) {
            phaseTimers++;
        } else if (event instanceof JobEvent.PhaseTroubled) {
            phaseTroubled = true;
        } else if (event instanceof JobEvent.InterruptsDue) {
            interruptsDue = true;
        } else if (event instanceof JobEvent.Hurried hurried) {
            hurriedTimeout = hurried.phaseTimeout();
            phaseTimers++;
        } else if (event instanceof JobEvent.ReleaseAnswered) {
            released = phasesEntered;
        } else if (event instanceof JobEvent.Reported reported) {
            lines = plus(lines, reported.line());
        }
    }

    private static <K, V> Map<K, V> with(Map<K, V> map, K key, V value) {
        Map<K, V> changed = new LinkedHashMap<>(map);
        changed.put(key, value);
        return changed;
    }

    private static <V> List<V> plus(List<V> list, V value) {
        List<V> longer = new ArrayList<>(list);
        longer.add(value);
        return Collections.unmodifiableList(longer);
    }

    public JobSpec spec() {
        return spec;
    }

    public JobState state() {
        return state;
    }

    /** Why it is in its state. */
    public String reason() {
        return reason;
    }

    public Optional<JobState> outcome() {
        return Optional.ofNullable(outcome);
    }

    String outcomeReason() {
        return outcomeReason;
    }

    public Optional<JobFailure> failure() {
        return Optional.ofNullable(failure);
    }

    public List<JobFailure> laterFailures() {
        return laterFailures;
    }

    public Map<String, TaskStatus> tasks() {
        return Collections.unmodifiableMap(tasks);
    }

    public Map<String, ServiceStatus> services() {
        return Collections.unmodifiableMap(services);
    }

    public List<CleanupReport.Line> lines() {
        return lines;
    }

    int pauses() {
        return pauses;
    }

    /** Whether what the sources have emitted is to run through before the tasks are ended. */
    boolean isDraining() {
        return draining;
    }

    Optional<ShutdownPhase> phase() {
        return phase < 0 ? Optional.empty() : Optional.of(spec.phases().get(phase));
    }

    /** How long the present phase may take. */
    Duration phaseTimeout() {
        Duration timeout = phase().orElseThrow().timeout();
        Duration hurried = hurriedTimeout;
        return hurried == null || timeout.compareTo(hurried) <= 0 ? timeout : hurried;
    }

    boolean isHurried() {
        return hurriedTimeout != null;
    }

    int phaseIndex() {
        return phase;
    }

    /** How many phases have been entered; one may be entered twice. */
    int phasesEntered() {
        return phasesEntered;
    }

    int phaseTimers() {
        return phaseTimers;
    }

    long phaseSinceNs() {
        return phaseSinceNs;
    }

    /** What these have outside of the JVM is not released by the present phase. */
    Set<String> spared() {
        return phase().map(present -> spared.getOrDefault(present.step(), Set.of()))
                .orElse(Set.of());
    }

    /** Whether something outside of the JVM was left to a service that has ended since. */
    boolean hasEndedSinceSpared() {
        return spared.values().stream()
                .flatMap(Set::stream)
                .anyMatch(service -> service(service).hasEnded());
    }

    private Set<String> servicesThat(Predicate<ServiceStatus> test) {
        return services.entrySet().stream()
                .filter(entry -> test.test(entry.getValue()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Whether the present phase waits for something outside of the JVM to be released. */
    boolean isReleasing() {
        return phase().filter(present -> spec.outside().contains(present.step()))
                        .isPresent()
                && released < phasesEntered;
    }

    /** Whether its processes are to be killed without waiting for the phases that ask them to end. */
    boolean isKilling() {
        return isHurried()
                && spec.outside().contains(Step.STOP_PROCESSES)
                && phase().filter(present -> present.step().compareTo(Step.STOP_PROCESSES) < 0)
                        .isPresent();
    }

    boolean isPhaseTroubled() {
        return phaseTroubled;
    }

    boolean areInterruptsDue() {
        return interruptsDue;
    }

    TaskStatus task(String name) {
        TaskStatus status = tasks.get(name);
        if (status == null) {
            throw new IllegalArgumentException("Job " + spec.id() + " has no task " + name + ".");
        }
        return status;
    }

    ServiceStatus service(String name) {
        ServiceStatus status = services.get(name);
        if (status == null) {
            throw new IllegalArgumentException("Job " + spec.id() + " has no service " + name + ".");
        }
        return status;
    }

    /** The method of a held service that has not returned. */
    String heldBy(String service) {
        return heldBy.getOrDefault(service, "");
    }

    boolean allTasks(Predicate<TaskStatus> test) {
        return tasks.values().stream().allMatch(test);
    }

    boolean allServices(Predicate<ServiceStatus> test) {
        return services.values().stream().allMatch(test);
    }

    /** Kept services stay only while the outcome is COMPLETED; a failure during the clean-up takes them too. */
    boolean keeps(String service) {
        return outcome == JobState.COMPLETED && spec.kept().contains(service);
    }
}
