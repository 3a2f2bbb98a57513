package dev.sage.runtime.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.api.CleanupReport;
import dev.sage.api.JobLeases;
import dev.sage.runtime.config.SageSettings;
import dev.sage.runtime.core.schedule.Demand;
import dev.sage.runtime.core.schedule.ScheduleCommand;
import dev.sage.runtime.core.schedule.ScheduleEffect;
import dev.sage.runtime.core.schedule.Submission;
import dev.sage.runtime.core.schedule.Thing;
import dev.sage.runtime.dataplane.BlockingThreads;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the schedule hears of the world outside, whatever goes wrong there. */
class SchedulingTest {
    private final BlockingThreads threads = BlockingThreads.create("scheduling");
    private final BlockingQueue<ScheduleCommand> heard = new LinkedBlockingQueue<>();
    private final BlockingQueue<List<Thing>> rechecks = new LinkedBlockingQueue<>();
    private final List<String> told = new ArrayList<>();

    @AfterEach
    void end() {
        threads.close();
    }

    @Test
    void anErrorWhileAcquiringRefusesTheJob() throws Exception {
        Scheduling scheduling = scheduling(new FakeOutside() {
            @Override
            public ScheduleCommand acquire(ScheduleEffect.Acquire wanted) {
                throw new StackOverflowError("too deep");
            }
        });
        scheduling.on(submit("a"));
        scheduling.on(next());
        assertThat(told).singleElement().asString().startsWith("refused a").contains("too deep");
    }

    @Test
    void whatAKeptServiceHadIsTriedAgainWhenItsReleaseBroke() throws Exception {
        FakeOutside outside = new FakeOutside() {
            @Override
            public Release releaseHolder(String jobId, String holder) {
                throw new IllegalStateException("no room for the ledger");
            }
        };
        Scheduling scheduling = scheduling(outside);
        outside.acquisitions.release();
        scheduling.on(submit("a"));
        scheduling.on(next());
        scheduling.on(new ScheduleCommand.Ended("a", Set.of("trainer")));
        BlockingQueue<List<CleanupReport.Line>> lines = new LinkedBlockingQueue<>();

        scheduling.releaseHolder("a", "trainer", lines::add);

        assertThat(poll(lines)).singleElement().asString().contains("no room for the ledger");
        scheduling.on(next());
        List<Thing> things = poll(rechecks);
        assertThat(things).containsExactly(Thing.gpu(0));
        scheduling.recheck(things);
        scheduling.on(next());
        outside.acquisitions.release();
        scheduling.on(submit("b"));
        scheduling.on(next());
        assertThat(told).contains("admitted b");
    }

    @Test
    void jobThatEndsBeforeItsReleaseIsHeardOfLeavesTheKeptServiceWhatItHas() throws Exception {
        BlockingQueue<Set<String>> kept = new LinkedBlockingQueue<>();
        FakeOutside outside = new FakeOutside() {
            @Override
            public Release release(String jobId, Set<String> spared) {
                kept.add(spared);
                return new Release(List.of(), Set.of("trainer"), List.of());
            }
        };
        Scheduling scheduling = scheduling(outside, "0-1");
        outside.acquisitions.release();
        scheduling.on(new ScheduleCommand.Submit(new Submission(
                "a",
                "ann",
                0,
                0,
                new Demand(Map.of("trainer", new Demand.Need(1, 0), "server", new Demand.Need(1, 0))))));
        scheduling.on(next());
        scheduling.release("a", Set.of("server"), lines -> {});
        assertThat(poll(kept)).containsExactly("server");

        scheduling.end("a", Set.of("server"), () -> told.add("ended a"));

        assertThat(poll(kept)).containsExactly("server");
        for (int answer = 0; answer < 4; answer++) {
            scheduling.on(next());
        }
        assertThat(told).contains("ended a");
        assertThat(scheduling.schedule().shares("a")).containsOnlyKeys("server");
    }

    private Scheduling scheduling(FakeOutside outside) {
        return scheduling(outside, "0");
    }

    private Scheduling scheduling(FakeOutside outside, String gpus) {
        return new Scheduling(
                new Recorded(),
                outside,
                threads,
                SageSettings.load(Map.of("sage.gpus.ids", gpus)).scheduling().schedule());
    }

    private static ScheduleCommand submit(String job) {
        return new ScheduleCommand.Submit(new Submission(job, "ann", 0, 0, Demand.of("trainer", 1, 0)));
    }

    private ScheduleCommand next() throws InterruptedException {
        return poll(heard);
    }

    private static <T> T poll(BlockingQueue<T> queue) throws InterruptedException {
        T value = queue.poll(20, TimeUnit.SECONDS);
        assertThat(value).as("an answer").isNotNull();
        return value;
    }

    private final class Recorded implements Scheduling.Owner {
        @Override
        public void admit(String job, JobLeases leases) {
            told.add("admitted " + job);
        }

        @Override
        public void refuse(String job, String reason) {
            told.add("refused " + job + ": " + reason);
        }

        @Override
        public void waits(String job, String reason) {}

        @Override
        public void hear(ScheduleCommand command) {
            heard.add(command);
        }

        @Override
        public void recheckLater(List<Thing> things) {
            rechecks.add(things);
        }
    }
}
