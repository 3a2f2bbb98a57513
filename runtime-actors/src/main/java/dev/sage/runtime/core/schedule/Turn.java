package dev.sage.runtime.core.schedule;

import dev.sage.runtime.core.schedule.Decision.Candidate;
import dev.sage.runtime.core.schedule.Decision.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The schedule that is being decided on, for one command. */
final class Turn {
    private final Schedule before;
    private final ScheduleLimits limits;
    private final long nowNs;
    private final List<ScheduleEffect> effects = new ArrayList<>();
    private Pool gpus;
    private Pool ports;
    private Owners owners;
    private SortedTree<String, Placement> placements;
    private Line line;
    private int running;
    private long submitted;
    private DecisionLog log;

    Turn(Schedule before, long nowNs) {
        this.before = before;
        this.limits = before.limits();
        this.nowNs = nowNs;
        gpus = before.gpus();
        ports = before.ports();
        owners = before.owners();
        placements = before.placements();
        line = before.line();
        running = before.running();
        submitted = before.submitted();
        log = before.log();
    }

    Schedule.Step step() {
        return new Schedule.Step(
                new Schedule(limits, gpus, ports, owners, placements, line, running, submitted, log), effects);
    }

    Pool gpus() {
        return gpus;
    }

    Pool ports() {
        return ports;
    }

    Owners owners() {
        return owners;
    }

    int places() {
        return Math.max(0, limits.maxRunning() - running);
    }

    void on(ScheduleCommand command) {
        if (command instanceof ScheduleCommand.Submit submit) {
            submit(submit.submission());
        } else if (command instanceof ScheduleCommand.Acquired acquired) {
            acquired(acquired.job(), acquired.foundPorts());
        } else if (command instanceof ScheduleCommand.AcquireFailed failed) {
            acquireFailed(failed.job(), failed.troubles());
        } else if (command instanceof ScheduleCommand.AcquireImpossible impossible) {
            impossible(impossible.job(), impossible.reason());
        } else if (command instanceof ScheduleCommand.Ended ended) {
            ended(ended.job(), ended.kept());
        } else if (command instanceof ScheduleCommand.Released released) {
            released(released.job(), released.holders());
        } else if (command instanceof ScheduleCommand.NotReleased notReleased) {
            notReleased(notReleased.job(), notReleased.troubles());
        } else if (command instanceof ScheduleCommand.Readmit readmit) {
            change(readmit.things(), Pool::readmit);
        } else if (command instanceof ScheduleCommand.Drain drain) {
            change(drain.things(), (pool, number) -> pool.drain(number, true));
        } else if (command instanceof ScheduleCommand.Undrain undrain) {
            change(undrain.things(), (pool, number) -> pool.drain(number, false));
        }
    }

    private void submit(Submission submission) {
        if (placements.contains(submission.job())) {
            throw new IllegalArgumentException(
                    "Job " + submission.job() + " was submitted before. Give it an id of its own.");
        }
        Placement job = Placement.submitted(submission, limits.ageing(), ++submitted);
        Optional<String> never = Reasons.never(job.shape(), limits, gpus, ports);
        if (never.isPresent()) {
            refuse(job, never.get());
            return;
        }
        placements = placements.put(job.job(), job);
        line = line.plus(job);
        Round round = place();
        Placement now = placements.get(job.job());
        if (now == null || now.stage() != Stage.WAITING) {
            return;
        }
        if (line.size() > limits.maxWaiting()) {
            forget();
            refuse(job, Reasons.tooManyWait(before));
        } else if (now.recorded().isEmpty()) {
            // Nothing can start any more, so it was not asked, or one like it was: it waits for the same as others.
            Wait wait = round.ask(now);
            if (wait != null) {
                waits(now, wait, candidates(now, round.gpus(), Set.of()));
            }
        }
    }

    /** As if the job had never been in the line. */
    private void forget() {
        effects.clear();
        gpus = before.gpus();
        ports = before.ports();
        owners = before.owners();
        placements = before.placements();
        line = before.line();
        running = before.running();
        log = before.log();
    }

    private void acquired(String id, Map<String, List<Integer>> foundPorts) {
        Placement job = at(id, Stage.ACQUIRING, Stage.WITHDRAWN);
        if (job == null) {
            return;
        }
        requireFound(job, foundPorts);
        Map<String, Share> found = new TreeMap<>();
        foundPorts.forEach((holder, numbers) -> found.put(holder, new Share(List.of(), numbers)));
        Placement has = give(move(job, StageTrigger.ADMIT), found);
        effects.add(
                has.stage() == Stage.RUNNING
                        ? new ScheduleEffect.Admit(id, has.shares())
                        : new ScheduleEffect.Release(id, has.shares()));
    }

    private void requireFound(Placement job, Map<String, List<Integer>> foundPorts) {
        job.submission().demand().holders().forEach((holder, need) -> {
            int expected = ports.isElastic() ? need.ports() : 0;
            int found = foundPorts.getOrDefault(holder, List.of()).size();
            if (found != expected) {
                throw new IllegalArgumentException("For " + job.job() + "/" + holder + " " + found
                        + " ports were found, where " + expected + " were asked for.");
            }
        });
    }

    private void acquireFailed(String id, List<Trouble> troubles) {
        Placement job = at(id, Stage.ACQUIRING, Stage.WITHDRAWN);
        if (job == null) {
            return;
        }
        int quarantined = gpus.quarantined() + ports.quarantined();
        Placement rest = quarantine(job, troubles);
        String reason = troubles.stream().map(Trouble::toString).collect(Collectors.joining("; "));
        if (gpus.quarantined() + ports.quarantined() == quarantined) {
            // The next choice would be the same, and so on for ever.
            impossible(id, "what it was to get could not be had: " + reason);
            return;
        }
        Placement again = move(free(rest, rest.shares().keySet()), StageTrigger.NOT_ACQUIRED);
        if (again.stage() == Stage.WAITING) {
            log = log.plus(nowNs, id, Outcome.NOT_ACQUIRED, reason, List.of());
            placements = placements.put(id, again.waits(new Wait(Wait.Cause.NOT_ACQUIRED)));
        }
        place();
    }

    private void impossible(String id, String reason) {
        Placement job = at(id, Stage.ACQUIRING, Stage.WITHDRAWN);
        if (job != null) {
            move(free(job, job.shares().keySet()), StageTrigger.IMPOSSIBLE);
            if (job.stage() == Stage.ACQUIRING) {
                refuse(job, reason);
            }
            place();
        }
    }

    private void ended(String id, Set<String> kept) {
        Placement job = at(id, Stage.WAITING, Stage.ACQUIRING, Stage.RUNNING);
        if (job == null) {
            return;
        }
        Placement left = goneWhenFree(move(job, StageTrigger.END));
        if (left.stage() == Stage.LEAVING) {
            Map<String, Share> toRelease = new TreeMap<>(left.shares());
            toRelease.keySet().removeAll(kept);
            if (!toRelease.isEmpty()) {
                effects.add(new ScheduleEffect.Release(id, Share.sorted(toRelease)));
            }
        }
        place();
    }

    private void released(String id, Set<String> holders) {
        Placement job = at(id, Stage.RUNNING, Stage.LEAVING);
        if (job != null) {
            goneWhenFree(free(job, holders));
            place();
        }
    }

    private void notReleased(String id, List<Trouble> troubles) {
        Placement job = at(id, Stage.RUNNING, Stage.LEAVING);
        if (job != null) {
            goneWhenFree(quarantine(job, troubles));
            place();
        }
    }

    private void change(List<Thing> things, Change change) {
        for (Thing thing : things) {
            changePool(thing.kind(), pool -> change.of(pool, thing.number()));
        }
        place();
    }

    /** Starts all that can start. */
    private Round place() {
        String first = line.first();
        Round round = new Round(this, limits);
        if (first != null && places() == 0) {
            ask(round, first);
            return round;
        }
        Line.Walk walk = line.walk();
        for (String job = walk.job();
                job != null && !round.isOver(walk.leastGpus(), walk.leastPorts());
                job = walk.job()) {
            if (ask(round, job)) {
                walk.started();
            } else {
                walk.waits();
            }
        }
        return round;
    }

    /** Whether it starts. */
    private boolean ask(Round round, String id) {
        Placement job = placement(id);
        Wait wait = round.ask(job);
        if (wait == null) {
            start(job, round);
            return true;
        }
        if (!job.recorded().equals(Optional.of(wait))) {
            waits(job, wait, candidates(job, round.gpus(), Set.of()));
        }
        return false;
    }

    private void start(Placement job, Round round) {
        Pool open = round.gpus();
        Choice choice = round.choose(job);
        Placement head = round.head();
        Set<Integer> chosen = choice.shares().values().stream()
                .flatMap(share -> share.gpus().stream())
                .collect(Collectors.toSet());
        log = log.plus(
                nowNs,
                job.job(),
                head == null ? Outcome.STARTED : Outcome.BACKFILLED,
                Reasons.start(job, choice, head, nowNs),
                candidates(job, open, chosen));
        if (job.shape().isNothing()) {
            move(job, StageTrigger.ADMIT);
            effects.add(new ScheduleEffect.Admit(job.job(), Map.of()));
        } else {
            Placement has = give(move(job, StageTrigger.CHOOSE), choice.shares());
            effects.add(new ScheduleEffect.Acquire(job.job(), has.shares(), choice.portsToFind()));
        }
    }

    private List<Candidate> candidates(Placement job, Pool open, Set<Integer> chosen) {
        return job.shape().gpus() == 0 || limits.decisionsKept() == 0
                ? List.of()
                : Reasons.candidates(gpus, open, chosen);
    }

    private void waits(Placement job, Wait wait, List<Candidate> candidates) {
        log = log.plus(
                nowNs,
                job.job(),
                Outcome.WAITS,
                Reasons.wait(job.shape(), wait, limits, running, owners, gpus, ports),
                candidates);
        placements = placements.put(job.job(), job.waits(wait));
    }

    private void refuse(Placement job, String reason) {
        log = log.plus(nowNs, job.job(), Outcome.REFUSED, reason, List.of());
        effects.add(new ScheduleEffect.Refuse(job.job(), reason));
    }

    private @Nullable Placement at(String id, Stage... stages) {
        Placement job = placements.get(id);
        return job != null && List.of(stages).contains(job.stage()) ? job : null;
    }

    private Placement placement(String id) {
        Placement job = placements.get(id);
        if (job == null) {
            throw new IllegalStateException("Job " + id + " is in the line and not known.");
        }
        return job;
    }

    /** The only way from stage to stage. */
    private Placement move(Placement job, StageTrigger trigger) {
        Placement next = job.on(trigger);
        int change = (next.isPlaced() ? 1 : 0) - (job.isPlaced() ? 1 : 0);
        running += change;
        owners = owners.plus(job.owner(), change, 0);
        if (job.stage() == Stage.WAITING) {
            line = line.minus(job);
        }
        if (next.stage() == Stage.WAITING) {
            line = line.plus(next);
        }
        placements = next.stage() == Stage.GONE ? placements.remove(job.job()) : placements.put(job.job(), next);
        return next;
    }

    private Placement goneWhenFree(Placement job) {
        return job.stage() == Stage.LEAVING && job.shares().isEmpty() ? move(job, StageTrigger.FREED) : job;
    }

    private Placement give(Placement job, Map<String, Share> more) {
        Map<String, Share> shares = new TreeMap<>(job.shares());
        gpus = gpus.lease(job.job(), more, Share::gpus);
        ports = ports.lease(job.job(), more, Share::ports);
        more.forEach((holder, share) -> shares.merge(holder, share, Share::plus));
        return has(job, shares);
    }

    private Placement free(Placement job, Set<String> holders) {
        Map<String, Share> shares = new TreeMap<>(job.shares());
        for (String holder : Set.copyOf(holders)) {
            Share share = shares.remove(holder);
            if (share != null) {
                Lessee lessee = new Lessee(job.job(), holder);
                gpus = gpus.release(lessee, share.gpus());
                ports = ports.release(lessee, share.ports());
            }
        }
        return has(job, shares);
    }

    private Placement quarantine(Placement job, List<Trouble> troubles) {
        Map<String, Share> shares = new TreeMap<>(job.shares());
        List<Thing> taken = new ArrayList<>();
        for (Trouble trouble : troubles) {
            Thing thing = trouble.thing();
            for (Map.Entry<String, Share> entry : shares.entrySet()) {
                if (entry.getValue().has(thing)) {
                    Lessee lessee = new Lessee(job.job(), entry.getKey());
                    changePool(thing.kind(), pool -> pool.quarantine(lessee, thing.number(), trouble.reason()));
                    entry.setValue(entry.getValue().without(thing));
                    taken.add(thing);
                }
            }
        }
        if (!taken.isEmpty()) {
            effects.add(new ScheduleEffect.RecheckLater(job.job(), List.copyOf(taken)));
        }
        return has(job, shares);
    }

    private Placement has(Placement job, Map<String, Share> shares) {
        Placement next = job.with(shares);
        owners = owners.plus(job.owner(), 0, next.gpus() - job.gpus());
        placements = placements.put(job.job(), next);
        return next;
    }

    private void changePool(Thing.Kind kind, UnaryOperator<Pool> change) {
        if (kind == Thing.Kind.GPU) {
            gpus = change.apply(gpus);
        } else {
            ports = change.apply(ports);
        }
    }

    private interface Change {
        Pool of(Pool pool, int number);
    }
}
