package dev.sage.runtime.core.schedule;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who runs, who waits and who has what: all that is decided follows from the commands and their times. Immutable; a
 * change costs about the same however many jobs wait, as long as they ask for few different things.
 */
public final class Schedule {
    private final ScheduleLimits limits;
    private final Pool gpus;
    private final Pool ports;
    private final Owners owners;
    private final SortedTree<String, Placement> placements;
    private final Line line;
    private final int running;
    private final long submitted;
    private final DecisionLog log;

    /** The schedule after a command, and what is to be done. */
    public record Step(Schedule schedule, List<ScheduleEffect> effects) {
        public Step {
            effects = List.copyOf(effects);
        }
    }

    Schedule(
            ScheduleLimits limits,
            Pool gpus,
            Pool ports,
            Owners owners,
            SortedTree<String, Placement> placements,
            Line line,
            int running,
            long submitted,
            DecisionLog log) {
        this.limits = limits;
        this.gpus = gpus;
        this.ports = ports;
        this.owners = owners;
        this.placements = placements;
        this.line = line;
        this.running = running;
        this.submitted = submitted;
        this.log = log;
    }

    public static Schedule of(ScheduleLimits limits, Pool gpus, Pool ports) {
        return new Schedule(
                limits,
                gpus,
                ports,
                Owners.none(),
                SortedTree.empty(),
                Line.empty(),
                0,
                0,
                DecisionLog.keeping(limits.decisionsKept()));
    }

    /**
     * Decides on a command.
     *
     * @param nowNs the time, of the origin of {@link Submission#submittedNs}
     */
    public Step on(ScheduleCommand command, long nowNs) {
        Turn turn = new Turn(this, nowNs);
        turn.on(command);
        return turn.step();
    }

    public ScheduleLimits limits() {
        return limits;
    }

    public Pool gpus() {
        return gpus;
    }

    public Pool ports() {
        return ports;
    }

    /** How many have been placed and have not ended. */
    public int running() {
        return running;
    }

    /** How many wait. */
    public int waiting() {
        return line.size();
    }

    /** Those that wait, in the order of their rank. */
    public List<String> waitingInOrder() {
        return line.inOrder();
    }

    /** Where a job is; empty when it is gone, or was never there. */
    public Optional<Stage> stage(String job) {
        return Optional.ofNullable(placements.get(job)).map(Placement::stage);
    }

    /** What each holder of a job has; nothing for one that is gone. */
    public Map<String, Share> shares(String job) {
        Placement placement = placements.get(job);
        return placement == null ? Map.of() : placement.shares();
    }

    /** Whether something is being acquired for a job, or is leased to it and not to these holders. */
    public boolean holdsFor(String job, Set<String> kept) {
        Placement placement = placements.get(job);
        return placement != null
                && (placement.stage() == Stage.ACQUIRING
                        || placement.stage() == Stage.WITHDRAWN
                        || !kept.containsAll(placement.shares().keySet()));
    }

    /** The last ones, oldest first. */
    public List<Decision> decisions() {
        return log.decisions().values();
    }

    /** Those after the one of this number that are still kept, oldest first. */
    public List<Decision> decisionsSince(long number) {
        return log.since(number);
    }

    Owners owners() {
        return owners;
    }

    SortedTree<String, Placement> placements() {
        return placements;
    }

    Line line() {
        return line;
    }

    long submitted() {
        return submitted;
    }

    DecisionLog log() {
        return log;
    }
}
