package dev.sage.runtime.core.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.runtime.core.schedule.Decision.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Keeps a book of its own of what a schedule says, from its effects, and finds fault with it. */
final class Clerk {
    /** What a job that was placed has or is to get; {@code over} when it has ended. */
    record Job(Submission submission, Map<String, Share> shares, boolean answered, boolean over) {
        Job with(Map<String, Share> newShares) {
            return new Job(submission, new TreeMap<>(newShares), answered, over);
        }
    }

    final ScheduleLimits limits;
    private final Set<Integer> gpuIds;
    private final Set<Integer> portNumbers;
    private final boolean elastic;
    Schedule schedule;
    long nowNs;
    final Map<String, Submission> waiting = new LinkedHashMap<>();
    private final List<String> submitted = new ArrayList<>();
    final Map<String, Job> placed = new LinkedHashMap<>();
    final Map<String, ScheduleEffect.Acquire> acquiring = new LinkedHashMap<>();
    final Map<String, Map<String, Share>> toRelease = new LinkedHashMap<>();
    final Set<Thing> quarantined = new HashSet<>();
    final Set<Thing> draining = new HashSet<>();
    /** Of the last command. */
    List<ScheduleEffect> effects = List.of();

    List<PlainRules.Start> starts = List.of();

    @Nullable
    Submission head;

    Clerk(ScheduleLimits limits, Pool gpus, Pool ports) {
        this.limits = limits;
        this.gpuIds = Set.copyOf(gpus.numbers());
        this.portNumbers = Set.copyOf(ports.numbers());
        this.elastic = ports.isElastic();
        this.schedule = Schedule.of(limits, gpus, ports);
    }

    Clerk(Clerk other) {
        limits = other.limits;
        gpuIds = other.gpuIds;
        portNumbers = other.portNumbers;
        elastic = other.elastic;
        schedule = other.schedule;
        nowNs = other.nowNs;
        waiting.putAll(other.waiting);
        submitted.addAll(other.submitted);
        placed.putAll(other.placed);
        acquiring.putAll(other.acquiring);
        toRelease.putAll(other.toRelease);
        quarantined.addAll(other.quarantined);
        draining.addAll(other.draining);
        effects = other.effects;
        starts = other.starts;
        head = other.head;
    }

    void tell(ScheduleCommand command, long atNs) {
        nowNs = atNs;
        long last = schedule.log().last();
        Schedule.Step step = schedule.on(command, nowNs);
        note(command);
        boolean refused = step.effects().stream().anyMatch(effect -> effect instanceof ScheduleEffect.Refuse);
        if (refused && command instanceof ScheduleCommand.Submit submit) {
            assertThat(step.effects()).hasSize(1);
            assertRefusalIsRight(submit.submission());
        }
        schedule = step.schedule();
        effects = step.effects();
        PlainRules rules = PlainRules.ask(limits, stock(), waitingAsSubmitted(), nowNs);
        starts = schedule.decisions().stream()
                .filter(decision -> decision.number() > last)
                .filter(decision -> decision.outcome() == Outcome.STARTED || decision.outcome() == Outcome.BACKFILLED)
                .map(decision -> new PlainRules.Start(decision.job(), decision.outcome()))
                .toList();
        assertThat(starts).as("after %s at %s", command, nowNs).isEqualTo(rules.starts);
        head = rules.head;
        effects.forEach(this::carryOut);
        assertAgrees();
    }

    /** What a command changes before anything is decided. */
    private void note(ScheduleCommand command) {
        if (command instanceof ScheduleCommand.Submit submit) {
            waiting.put(submit.submission().job(), submit.submission());
            submitted.add(submit.submission().job());
        } else if (command instanceof ScheduleCommand.Acquired acquired) {
            answered(acquired.job(), acquired.foundPorts());
        } else if (command instanceof ScheduleCommand.AcquireFailed failed) {
            if (acquiring.remove(failed.job()) != null) {
                Job job = placed.remove(failed.job());
                failed.troubles().forEach(trouble -> quarantined.add(trouble.thing()));
                if (!job.over()) {
                    waiting.put(failed.job(), job.submission());
                }
            }
        } else if (command instanceof ScheduleCommand.AcquireImpossible impossible) {
            if (acquiring.remove(impossible.job()) != null) {
                placed.remove(impossible.job());
            }
        } else if (command instanceof ScheduleCommand.Ended ended) {
            waiting.remove(ended.job());
            placed.computeIfPresent(
                    ended.job(), (id, job) -> new Job(job.submission(), job.shares(), job.answered(), true));
        } else if (command instanceof ScheduleCommand.Released released) {
            Job job = placed.get(released.job());
            if (job != null && job.answered()) {
                Map<String, Share> shares = new TreeMap<>(job.shares());
                shares.keySet().removeAll(released.holders());
                placed.put(released.job(), job.with(shares));
            }
        } else if (command instanceof ScheduleCommand.NotReleased notReleased) {
            Job job = placed.get(notReleased.job());
            if (job != null && job.answered()) {
                Map<String, Share> shares = new TreeMap<>(job.shares());
                for (Trouble trouble : notReleased.troubles()) {
                    shares.replaceAll((holder, share) -> {
                        if (share.has(trouble.thing())) {
                            quarantined.add(trouble.thing());
                        }
                        return share.without(trouble.thing());
                    });
                }
                placed.put(notReleased.job(), job.with(shares));
            }
        } else if (command instanceof ScheduleCommand.Readmit readmit) {
            readmit.things().forEach(quarantined::remove);
        } else if (command instanceof ScheduleCommand.Drain drain) {
            draining.addAll(drain.things());
        } else if (command instanceof ScheduleCommand.Undrain undrain) {
            undrain.things().forEach(draining::remove);
        }
        placed.values()
                .removeIf(job -> job.over()
                        && job.answered()
                        && job.shares().values().stream().allMatch(Share::isEmpty));
    }

    private void answered(String id, Map<String, List<Integer>> foundPorts) {
        if (acquiring.remove(id) == null) {
            return;
        }
        Job job = placed.get(id);
        Map<String, Share> shares = new TreeMap<>(job.shares());
        foundPorts.forEach((holder, numbers) -> shares.merge(holder, new Share(List.of(), numbers), Share::plus));
        placed.put(id, new Job(job.submission(), shares, true, job.over()));
    }

    private void assertRefusalIsRight(Submission submission) {
        boolean never = submission.demand().gpus() > Math.min(gpuIds.size(), limits.maxGpusOfOwner())
                || (!elastic && submission.demand().ports() > portNumbers.size());
        PlainRules rules = PlainRules.ask(limits, stock(), waitingAsSubmitted(), nowNs);
        boolean starts = rules.starts.stream().anyMatch(start -> start.job().equals(submission.job()));
        boolean tooMany = waiting.size() - rules.starts.size() > limits.maxWaiting();
        assertThat(never || (tooMany && !starts)).as("refused %s", submission).isTrue();
        waiting.remove(submission.job());
    }

    private void carryOut(ScheduleEffect effect) {
        if (effect instanceof ScheduleEffect.Acquire acquire) {
            Submission submission = waiting.remove(acquire.job());
            acquire.shares().forEach((holder, share) -> {
                things(share).forEach(thing -> assertThat(taken()).doesNotContain(thing));
                Demand.Need need = submission.demand().holders().get(holder);
                assertThat(share.gpus()).hasSize(need.gpus());
                assertThat(share.ports()).hasSize(elastic ? 0 : need.ports());
                placed.merge(
                        acquire.job(), new Job(submission, Map.of(holder, share), false, false), (before, more) -> {
                            Map<String, Share> both = new TreeMap<>(before.shares());
                            both.putAll(more.shares());
                            return before.with(both);
                        });
            });
            placed.putIfAbsent(acquire.job(), new Job(submission, Map.of(), false, false));
            assertThat(acquiring).doesNotContainKey(acquire.job());
            acquiring.put(acquire.job(), acquire);
        } else if (effect instanceof ScheduleEffect.Admit admit) {
            Submission submission = waiting.remove(admit.job());
            if (submission != null) {
                assertThat(admit.shares()).isEmpty();
                placed.put(admit.job(), new Job(submission, Map.of(), true, false));
            }
            Job job = placed.get(admit.job());
            assertThat(job.over()).isFalse();
            assertThat(job.answered()).isTrue();
            job.submission().demand().holders().forEach((holder, need) -> {
                Share share = admit.shares().getOrDefault(holder, new Share(List.of(), List.of()));
                assertThat(share.gpus()).hasSize(need.gpus());
                assertThat(share.ports()).hasSize(need.ports());
            });
        } else if (effect instanceof ScheduleEffect.Release release) {
            assertThat(placed.get(release.job()).over()).isTrue();
            toRelease.put(release.job(), release.shares());
        }
    }

    private PlainRules.Stock stock() {
        Map<String, Integer> running = new HashMap<>();
        Map<String, Integer> gpusOf = new HashMap<>();
        int places = limits.maxRunning();
        for (Job job : placed.values()) {
            if (!job.over()) {
                running.merge(job.submission().owner(), 1, Integer::sum);
                places--;
            }
            job.shares()
                    .values()
                    .forEach(share ->
                            gpusOf.merge(job.submission().owner(), share.gpus().size(), Integer::sum));
        }
        Set<Thing> closed = taken();
        int gpus = (int)
                gpuIds.stream().filter(id -> !closed.contains(Thing.gpu(id))).count();
        int ports = (int) portNumbers.stream()
                .filter(number -> !closed.contains(Thing.port(number)))
                .count();
        return new PlainRules.Stock(places, gpus, elastic ? 1_000_000 : ports, running, gpusOf);
    }

    private Set<Thing> taken() {
        Set<Thing> taken = new HashSet<>(leased());
        taken.addAll(quarantined);
        taken.addAll(draining);
        return taken;
    }

    private List<Thing> leased() {
        List<Thing> leased = new ArrayList<>();
        placed.values().forEach(job -> job.shares().values().forEach(share -> leased.addAll(things(share))));
        return leased;
    }

    static List<Thing> things(Share share) {
        List<Thing> things = new ArrayList<>();
        share.gpus().forEach(id -> things.add(Thing.gpu(id)));
        share.ports().forEach(number -> things.add(Thing.port(number)));
        return things;
    }

    /** One that comes back into the line has its old place there. */
    private List<Submission> waitingAsSubmitted() {
        return submitted.stream().filter(waiting::containsKey).map(waiting::get).toList();
    }

    private void assertAgrees() {
        assertThat(leased()).as("never two owners").doesNotHaveDuplicates();
        placed.forEach((id, job) -> job.shares().forEach((holder, share) -> {
            Lessee lessee = new Lessee(id, holder);
            share.gpus()
                    .forEach(gpu ->
                            assertThat(schedule.gpus().isLeasedTo(lessee, gpu)).isTrue());
            share.ports()
                    .forEach(port -> assertThat(schedule.ports().isLeasedTo(lessee, port))
                            .isTrue());
        }));
        assertThat(schedule.gpus().numbers()).containsExactlyInAnyOrderElementsOf(gpuIds);
        if (!elastic) {
            assertThat(schedule.ports().numbers()).containsExactlyInAnyOrderElementsOf(portNumbers);
        }
        assertThat(schedule.gpus().leased() + schedule.ports().leased()).isEqualTo(leased().size());
        assertThat(schedule.gpus().quarantined() + schedule.ports().quarantined())
                .isEqualTo(quarantined.size());
        List<String> order = PlainRules.inOrder(waitingAsSubmitted(), limits, nowNs).stream()
                .map(Submission::job)
                .toList();
        assertThat(schedule.waitingInOrder()).isEqualTo(order);
        assertThat(schedule.waiting()).isEqualTo(waiting.size());
        assertThat(schedule.running())
                .isEqualTo((int)
                        placed.values().stream().filter(job -> !job.over()).count())
                .isLessThanOrEqualTo(limits.maxRunning());
        assertThat(PlainRules.ask(limits, stock(), waitingAsSubmitted(), nowNs).starts)
                .as("nothing waits that could run")
                .isEmpty();
    }
}
