package dev.sage.runtime.core.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.runtime.core.schedule.Decision.Outcome;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Jobs that run for the times that they run for, whatever the schedule knows of them; the same history once with those
 * that were back-filled before a head, and once without.
 */
class HeadProperties {
    private static final int JOBS = 40;

    @Property(tries = 150)
    void headStartsNoLaterThanWithoutThoseThatWereBackFilled(@ForAll long seed) {
        World world = new World(seed);
        while (world.hasNext()) {
            World before = new World(world);
            world.next();
            Submission head = world.clerk.head;
            if (head != null && backFilled(world)) {
                assertNoLater(head.job(), before, new World(world));
            }
        }
        assertThat(world.clerk.waiting).isEmpty();
    }

    private static void assertNoLater(String head, World before, World after) {
        long with = startWith(head, after);
        if (with >= 0) {
            assertThat(with).as("start of %s", head).isLessThanOrEqualTo(startWithout(head, before));
        }
    }

    /**
     * -1 when another became the head before, or started before because it ranks before: one of those may be late through
     * the back-filled ones, when its owner's limits had held back two and only the first is waited for.
     */
    private static long startWith(String head, World world) {
        while (world.hasNext()) {
            world.next();
            if (world.started(head)) {
                return world.nowNs;
            }
            boolean another = world.clerk.starts.stream().anyMatch(start -> start.outcome() == Outcome.STARTED);
            if (another || world.clerk.head == null || !world.clerk.head.job().equals(head)) {
                return -1;
            }
        }
        throw new AssertionError(head + " never starts.");
    }

    /** Those that would be back-filled are withdrawn at that moment. */
    private static long startWithout(String head, World from) {
        World world = from;
        while (world.hasNext()) {
            World trial = new World(world);
            trial.next();
            if (trial.started(head)) {
                return trial.nowNs;
            }
            if (backFilled(trial)) {
                trial.clerk.starts.stream()
                        .filter(start -> start.outcome() == Outcome.BACKFILLED)
                        .forEach(start -> world.withdraw(start.job()));
            } else {
                world.next();
            }
        }
        return Long.MAX_VALUE;
    }

    private static boolean backFilled(World world) {
        return world.clerk.starts.stream().anyMatch(start -> start.outcome() == Outcome.BACKFILLED);
    }

    private record Happening(long atNs, long number, ScheduleCommand command) {}

    /** Where commands come at their times. */
    private static final class World {
        private final Map<String, Long> durations;
        private final PriorityQueue<Happening> agenda =
                new PriorityQueue<>(Comparator.comparingLong(Happening::atNs).thenComparingLong(Happening::number));
        private final Clerk clerk;
        private long nowNs;
        private long happenings;

        World(long seed) {
            Random random = new Random(seed);
            int gpus = 2 + random.nextInt(6);
            int ports = 1 + random.nextInt(5);
            ScheduleLimits limits = new ScheduleLimits(
                    2 + random.nextInt(5), 100, 1 + random.nextInt(4), gpus, Duration.ofNanos(50), 1_000);
            clerk = new Clerk(
                    limits,
                    Pool.gpus(IntStream.range(0, gpus).boxed().toList(), List.of()),
                    Pool.ports(IntStream.range(0, ports).boxed().toList()));
            durations = new HashMap<>();
            for (int i = 0; i < JOBS; i++) {
                long atNs = random.nextInt(300);
                Demand demand = Demand.of("a", random.nextInt(gpus + 1), random.nextInt(ports + 1));
                Submission job =
                        new Submission("job-" + i, "owner-" + random.nextInt(2), random.nextInt(3), atNs, demand);
                durations.put(job.job(), 1L + random.nextInt(60));
                add(atNs, new ScheduleCommand.Submit(job));
            }
        }

        World(World other) {
            durations = other.durations;
            agenda.addAll(other.agenda);
            clerk = new Clerk(other.clerk);
            nowNs = other.nowNs;
            happenings = other.happenings;
        }

        boolean hasNext() {
            return !agenda.isEmpty();
        }

        void next() {
            Happening next = agenda.remove();
            nowNs = next.atNs;
            clerk.tell(next.command, nowNs);
            for (ScheduleEffect effect : clerk.effects) {
                String job = effect.job();
                if (effect instanceof ScheduleEffect.Acquire) {
                    add(nowNs + duration(job) % 3, new ScheduleCommand.Acquired(job));
                } else if (effect instanceof ScheduleEffect.Admit) {
                    add(nowNs + duration(job), new ScheduleCommand.Ended(job, Set.of()));
                } else if (effect instanceof ScheduleEffect.Release) {
                    add(nowNs + duration(job) % 4, new ScheduleCommand.Released(job, Set.of("a")));
                }
            }
        }

        /** One that waits, or that would be submitted next. */
        void withdraw(String job) {
            Happening next = agenda.element();
            if (next.command instanceof ScheduleCommand.Submit submit
                    && submit.submission().job().equals(job)) {
                agenda.remove();
            } else {
                clerk.tell(new ScheduleCommand.Ended(job, Set.of()), nowNs);
            }
        }

        boolean started(String job) {
            return clerk.starts.stream().anyMatch(start -> start.job().equals(job));
        }

        private long duration(String job) {
            return durations.getOrDefault(job, 1L);
        }

        private void add(long atNs, ScheduleCommand command) {
            agenda.add(new Happening(atNs, happenings++, command));
        }
    }
}
