package dev.sage.runtime.core.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.runtime.core.Transitions.Transition;
import dev.sage.runtime.core.schedule.Decision.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Commands and answers in any order, with jobs that fail to acquire, end early, and release late or not at all. */
class ScheduleProperties {

    /** The {@link Clerk} finds fault after each command. */
    @Property(tries = 500)
    void allRulesHoldAfterEachCommandAndEverythingEndsFree(@ForAll long seed) {
        History history = new History(seed);
        history.run(60);
        history.end();
        assertThat(history.clerk.placed).isEmpty();
        assertThat(history.clerk.waiting).isEmpty();
        assertThat(history.clerk.schedule.gpus().free())
                .isEqualTo(history.clerk.schedule.gpus().configured());
        assertThat(history.clerk.schedule.ports().free())
                .isEqualTo(history.clerk.schedule.ports().configured());
        assertThat(history.clerk.schedule.owners().uses().isEmpty()).isTrue();
        assertThat(history.clerk.schedule.placements().isEmpty()).isTrue();
    }

    @Property(tries = 150)
    void oneThatWasSubmittedLaterThanTheAgeingBoundNeverHasItsTurnBefore(@ForAll long seed) {
        History history = new History(seed);
        Map<String, Submission> known = new HashMap<>();
        long ageingNs = history.clerk.limits.ageing().toNanos();
        for (int i = 0; i < 80; i++) {
            history.run(1);
            history.clerk.waiting.values().forEach(job -> known.put(job.job(), job));
            history.clerk
                    .placed
                    .values()
                    .forEach(job -> known.put(job.submission().job(), job.submission()));
            Submission head = history.clerk.head;
            for (PlainRules.Start start : history.clerk.starts) {
                Submission started = known.get(start.job());
                if (head != null && start.outcome() == Outcome.STARTED) {
                    long boundNs = (started.priority() - head.priority()) * ageingNs;
                    assertThat(started.submittedNs() - head.submittedNs()).isLessThanOrEqualTo(boundNs);
                }
            }
        }
    }

    @Property(tries = 50)
    void sameCommandsLeadToTheSameDecisionsAndEffects(@ForAll long seed) {
        History one = new History(seed);
        History other = new History(seed);
        for (int i = 0; i < 60; i++) {
            one.run(1);
            other.run(1);
            assertThat(one.clerk.effects).isEqualTo(other.clerk.effects);
        }
        assertThat(one.clerk.schedule.decisions()).isEqualTo(other.clerk.schedule.decisions());
    }

    @Example
    void everyTransitionOfTheTableIsVisited() {
        Set<Transition<Stage, StageTrigger>> left = new HashSet<>(StageTransitions.TABLE.all());
        for (long seed = 0; seed < 200 && !left.isEmpty(); seed++) {
            History history = new History(seed);
            for (int i = 0; i < 60; i++) {
                Schedule before = history.clerk.schedule;
                history.run(1);
                Schedule after = history.clerk.schedule;
                Set<String> jobs = new LinkedHashSet<>(before.placements().keys());
                jobs.addAll(after.placements().keys());
                jobs.forEach(job -> left.removeIf(
                        transition -> transition.from() == before.stage(job).orElse(Stage.WAITING)
                                && transition.to() == after.stage(job).orElse(Stage.GONE)));
            }
        }
        assertThat(left).isEmpty();
    }

    /** A schedule and its surroundings, driven by dice. */
    private static final class History {
        private final Random random;
        private final Clerk clerk;
        private final int gpus;
        private final int ports;
        private int submitted;
        private int found = 40_000;
        private long nowNs;

        History(long seed) {
            random = new Random(seed);
            gpus = random.nextInt(7);
            ports = random.nextInt(5);
            ScheduleLimits limits = new ScheduleLimits(
                    1 + random.nextInt(6),
                    random.nextInt(4) == 0 ? random.nextInt(3) : 100,
                    1 + random.nextInt(4),
                    1 + random.nextInt(6),
                    Duration.ofNanos(1 + random.nextInt(100)),
                    1_000);
            List<Integer> ids = IntStream.range(0, gpus).boxed().toList();
            List<List<Integer>> groups = gpus > 3 ? List.of(ids.subList(0, 2), ids.subList(2, 4)) : List.of();
            clerk = new Clerk(
                    limits,
                    Pool.gpus(ids, groups),
                    random.nextInt(3) == 0
                            ? Pool.foundPorts()
                            : Pool.ports(
                                    IntStream.range(100, 100 + ports).boxed().toList()));
        }

        void run(int steps) {
            for (int i = 0; i < steps; i++) {
                nowNs += random.nextInt(20);
                clerk.tell(command(), nowNs);
            }
        }

        /** Everything is answered, ends and is free again. */
        void end() {
            for (int i = 0; i < 2_000 && !isOver(); i++) {
                nowNs++;
                clerk.tell(ending(), nowNs);
            }
        }

        private boolean isOver() {
            return clerk.placed.isEmpty()
                    && clerk.waiting.isEmpty()
                    && clerk.quarantined.isEmpty()
                    && clerk.draining.isEmpty();
        }

        private ScheduleCommand ending() {
            if (!clerk.quarantined.isEmpty()) {
                return new ScheduleCommand.Readmit(List.copyOf(clerk.quarantined));
            }
            if (!clerk.draining.isEmpty()) {
                return new ScheduleCommand.Undrain(List.copyOf(clerk.draining));
            }
            if (!clerk.acquiring.isEmpty()) {
                return acquired(one(clerk.acquiring.values()));
            }
            for (Map.Entry<String, Clerk.Job> entry : clerk.placed.entrySet()) {
                return entry.getValue().over()
                        ? new ScheduleCommand.Released(
                                entry.getKey(), entry.getValue().shares().keySet())
                        : new ScheduleCommand.Ended(entry.getKey(), Set.of());
            }
            return fail();
        }

        private ScheduleCommand fail() {
            throw new AssertionError(clerk.waiting + " wait and nothing is taken.");
        }

        private ScheduleCommand command() {
            switch (random.nextInt(12)) {
                case 0, 1, 2, 3 -> {
                    return submit();
                }
                case 4, 5, 6 -> {
                    return clerk.acquiring.isEmpty() ? submit() : answer(one(clerk.acquiring.values()));
                }
                case 7, 8 -> {
                    return clerk.placed.isEmpty()
                            ? submit()
                            : new ScheduleCommand.Ended(
                                    one(clerk.placed.keySet()), random.nextBoolean() ? Set.of("a") : Set.of());
                }
                case 9 -> {
                    return clerk.placed.isEmpty() ? submit() : release(one(clerk.placed.keySet()));
                }
                case 10 -> {
                    return late();
                }
                default -> {
                    return maintenance();
                }
            }
        }

        private ScheduleCommand submit() {
            Map<String, Demand.Need> holders = new HashMap<>();
            if (random.nextInt(4) > 0) {
                holders.put("a", new Demand.Need(random.nextInt(4), random.nextInt(3)));
                if (random.nextBoolean()) {
                    holders.put("b", new Demand.Need(random.nextInt(3), random.nextInt(2)));
                }
            }
            return new ScheduleCommand.Submit(new Submission(
                    "job-" + ++submitted,
                    "owner-" + random.nextInt(3),
                    random.nextInt(5) - 2,
                    nowNs,
                    new Demand(holders)));
        }

        private ScheduleCommand answer(ScheduleEffect.Acquire acquire) {
            List<Thing> things = new ArrayList<>();
            acquire.shares().values().forEach(share -> things.addAll(Clerk.things(share)));
            int dice = random.nextInt(6);
            if (dice == 0) {
                return new ScheduleCommand.AcquireImpossible(acquire.job(), "the disk is full");
            }
            if (dice == 1 && !things.isEmpty()) {
                return new ScheduleCommand.AcquireFailed(
                        acquire.job(), List.of(new Trouble(one(things), "it is in use")));
            }
            return acquired(acquire);
        }

        private ScheduleCommand acquired(ScheduleEffect.Acquire acquire) {
            Map<String, List<Integer>> ports = new HashMap<>();
            acquire.portsToFind().forEach((holder, count) -> {
                List<Integer> numbers = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    numbers.add(++found);
                }
                ports.put(holder, numbers);
            });
            return new ScheduleCommand.Acquired(acquire.job(), ports);
        }

        private ScheduleCommand release(String id) {
            Clerk.Job job = clerk.placed.get(id);
            List<Thing> things = new ArrayList<>();
            job.shares().values().forEach(share -> things.addAll(Clerk.things(share)));
            if (!things.isEmpty() && random.nextInt(3) == 0) {
                return new ScheduleCommand.NotReleased(id, List.of(new Trouble(one(things), "still in use")));
            }
            return new ScheduleCommand.Released(id, random.nextBoolean() ? Set.of("a") : Set.of("a", "b"));
        }

        /** Of any job that ever was. */
        private ScheduleCommand late() {
            String id = "job-" + (1 + random.nextInt(submitted + 1));
            if (clerk.acquiring.containsKey(id)) {
                return new ScheduleCommand.Ended(id, Set.of());
            }
            return switch (random.nextInt(5)) {
                case 0 -> new ScheduleCommand.Acquired(id);
                case 1 -> new ScheduleCommand.AcquireFailed(id, List.of(new Trouble(Thing.gpu(0), "it is in use")));
                case 2 -> new ScheduleCommand.AcquireImpossible(id, "the disk is full");
                case 3 -> new ScheduleCommand.Released(id, Set.of("a", "b"));
                default -> new ScheduleCommand.Ended(id, Set.of());
            };
        }

        private ScheduleCommand maintenance() {
            if (!clerk.quarantined.isEmpty() && random.nextBoolean()) {
                return new ScheduleCommand.Readmit(List.of(one(clerk.quarantined)));
            }
            if (gpus == 0) {
                return submit();
            }
            List<Thing> gpu = List.of(Thing.gpu(random.nextInt(gpus)));
            return clerk.draining.isEmpty() ? new ScheduleCommand.Drain(gpu) : new ScheduleCommand.Undrain(gpu);
        }

        private <T> T one(Collection<T> of) {
            return List.copyOf(of).get(random.nextInt(of.size()));
        }
    }
}
