package dev.sage.runtime.core.schedule;

import dev.sage.runtime.core.schedule.Decision.Candidate;
import dev.sage.runtime.core.schedule.Decision.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The schedule that is being decided on, for one command. */
final class Turn {
    private final Schedule before;
    private final ScheduleLimits limits;
    private final long nowNs;
    private final List<ScheduleEffect> effects = new ArrayList<>();
    private Allotment now;
    private long submitted;
    private DecisionLog log;

    Turn(Schedule before, long nowNs) {
        this.before = before;
        this.limits = before.limits();
        this.nowNs = nowNs;
        now = new Allotment(before);
        submitted = before.submitted();
        log = before.log();
    }

    Schedule.Step step() {
        return new Schedule.Step(
                new Schedule(
                        limits,
                        now.gpus(),
                        now.ports(),
                        now.owners(),
                        now.placements(),
                        now.line(),
                        now.running(),
                        submitted,
                        log),
                effects);
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
        if (now.placements().contains(submission.job())) {
            throw new IllegalArgumentException(
                    "Job " + submission.job() + " was submitted before. Give it an id of its own.");
        }
        Placement job = Placement.submitted(submission, limits.ageing(), ++submitted);
        Optional<String> never = Reasons.never(job.shape(), limits, now.gpus(), now.ports());
        if (never.isPresent()) {
            refuse(job, never.get());
            return;
        }
        now.enter(job);
        Round round = place();
        Placement placed = now.at(job.job(), Stage.WAITING);
        if (placed == null) {
            return;
        }
        if (now.line().size() > limits.maxWaiting()) {
            forget();
            refuse(job, Reasons.tooManyWait(before));
        } else if (placed.recorded().isEmpty()) {
            // Nothing can start any more, so it was not asked, or one like it was: it waits for the same as others.
            Wait wait = round.ask(placed);
            if (wait != null) {
                waits(placed, wait, candidates(placed, round.gpus(), Set.of()));
            }
        }
    }

    /** As if the job had never been in the line. */
    private void forget() {
        effects.clear();
        now = new Allotment(before);
        log = before.log();
    }

    private void acquired(String id, Map<String, List<Integer>> foundPorts) {
        Placement job = now.at(id, Stage.ACQUIRING, Stage.WITHDRAWN);
        if (job == null) {
            return;
        }
        requireFound(job, foundPorts);
        Map<String, Share> found = new TreeMap<>();
        foundPorts.forEach((holder, numbers) -> found.put(holder, new Share(List.of(), numbers)));
        Placement has = now.give(now.move(job, StageTrigger.ADMIT), found);
        effects.add(
                has.stage() == Stage.RUNNING
                        ? new ScheduleEffect.Admit(id, has.shares())
                        : new ScheduleEffect.Release(id, has.shares()));
    }

    private void requireFound(Placement job, Map<String, List<Integer>> foundPorts) {
        job.submission().demand().holders().forEach((holder, need) -> {
            int expected = now.ports().isElastic() ? need.ports() : 0;
            int found = foundPorts.getOrDefault(holder, List.of()).size();
            if (found != expected) {
                throw new IllegalArgumentException("For " + job.job() + "/" + holder + " " + found
                        + " ports were found, where " + expected + " were asked for.");
            }
        });
    }

    private void acquireFailed(String id, List<Trouble> troubles) {
        Placement job = now.at(id, Stage.ACQUIRING, Stage.WITHDRAWN);
        if (job == null) {
            return;
        }
        int quarantined = quarantined();
        Placement rest = quarantine(job, troubles);
        String reason = troubles.stream().map(Trouble::toString).collect(Collectors.joining("; "));
        if (quarantined() == quarantined) {
            // The next choice would be the same, and so on for ever.
            impossible(id, "what it was to get could not be had: " + reason);
            return;
        }
        Placement again = now.move(now.free(rest, rest.shares().keySet()), StageTrigger.NOT_ACQUIRED);
        if (again.stage() == Stage.WAITING) {
            log = log.plus(nowNs, id, Outcome.NOT_ACQUIRED, reason, List.of());
            now.note(again.waits(new Wait(Wait.Cause.NOT_ACQUIRED)));
        }
        place();
    }

    private void impossible(String id, String reason) {
        Placement job = now.at(id, Stage.ACQUIRING, Stage.WITHDRAWN);
        if (job != null) {
            now.move(now.free(job, job.shares().keySet()), StageTrigger.IMPOSSIBLE);
            if (job.stage() == Stage.ACQUIRING) {
                refuse(job, reason);
            }
            place();
        }
    }

    private void ended(String id, Set<String> kept) {
        Placement job = now.at(id, Stage.WAITING, Stage.ACQUIRING, Stage.RUNNING);
        if (job == null) {
            return;
        }
        Placement left = now.goneWhenFree(now.move(job, StageTrigger.END));
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
        Placement job = now.at(id, Stage.RUNNING, Stage.LEAVING);
        if (job != null) {
            now.goneWhenFree(now.free(job, holders));
            place();
        }
    }

    private void notReleased(String id, List<Trouble> troubles) {
        Placement job = now.at(id, Stage.RUNNING, Stage.LEAVING);
        if (job != null) {
            now.goneWhenFree(quarantine(job, troubles));
            place();
        }
    }

    private void change(List<Thing> things, Change change) {
        for (Thing thing : things) {
            now.changePool(thing.kind(), pool -> change.of(pool, thing.number()));
        }
        place();
    }

    /** Starts all that can start. */
    private Round place() {
        String first = now.line().first();
        Round round = new Round(now, limits);
        if (first != null && now.running() >= limits.maxRunning()) {
            ask(round, first);
            return round;
        }
        Line.Walk walk = now.line().walk();
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
        Placement job = now.placement(id);
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
            now.move(job, StageTrigger.ADMIT);
            effects.add(new ScheduleEffect.Admit(job.job(), Map.of()));
        } else {
            Placement has = now.give(now.move(job, StageTrigger.CHOOSE), choice.shares());
            effects.add(new ScheduleEffect.Acquire(job.job(), has.shares(), choice.portsToFind()));
        }
    }

    private List<Candidate> candidates(Placement job, Pool open, Set<Integer> chosen) {
        return job.shape().gpus() == 0 || limits.decisionsKept() == 0
                ? List.of()
                : Reasons.candidates(now.gpus(), open, chosen);
    }

    private void waits(Placement job, Wait wait, List<Candidate> candidates) {
        log = log.plus(nowNs, job.job(), Outcome.WAITS, Reasons.wait(job.shape(), wait, limits, now), candidates);
        now.note(job.waits(wait));
    }

    private int quarantined() {
        return now.gpus().quarantined() + now.ports().quarantined();
    }

    private Placement quarantine(Placement job, List<Trouble> troubles) {
        List<Thing> taken = new ArrayList<>();
        Placement rest = now.quarantine(job, troubles, taken);
        if (!taken.isEmpty()) {
            effects.add(new ScheduleEffect.RecheckLater(job.job(), List.copyOf(taken)));
        }
        return rest;
    }

    private void refuse(Placement job, String reason) {
        log = log.plus(nowNs, job.job(), Outcome.REFUSED, reason, List.of());
        effects.add(new ScheduleEffect.Refuse(job.job(), reason));
    }

    private interface Change {
        Pool of(Pool pool, int number);
    }
}
