package dev.sage.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.api.JobEvent;
import dev.sage.api.JobHandle;
import dev.sage.api.JobResult;
import dev.sage.api.JobState;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.ProcessService;
import dev.sage.api.SubmitOptions;
import dev.sage.testkit.LeakFree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many commands in the queue for four GPUs, of three owners and all priorities, some of which fail or are cancelled: all
 * end as they must, and all GPUs are free. 200, or 1,000 with {@code -Dsage.tests.nightly=true}.
 */
@ExtendWith(LeakFree.class)
@EnabledOnOs(OS.LINUX)
class QueuedCommandsTest {
    private static final int JOBS = Boolean.getBoolean("sage.tests.nightly") ? 1_000 : 200;
    private static final long SEED = Long.getLong("sage.test.seed", System.nanoTime());
    private static final Duration BOUND = Duration.ofMinutes(5);
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int GPUS = 4;

    @TempDir
    private Path folder;

    /** What becomes of a job. */
    private enum Fate {
        COMPLETES,
        FAILS,
        /** As soon as it was submitted; it may have been so quick that it had ended. */
        CANCELLED_AT_ONCE,
        CANCELLED_WITH_ITS_LEASE,
        CANCELLED_WHEN_RUNNING;

        List<String> command() {
            return switch (this) {
                case COMPLETES, CANCELLED_AT_ONCE -> List.of("true");
                case FAILS -> List.of("sh", "-c", "exit 3");
                case CANCELLED_WITH_ITS_LEASE, CANCELLED_WHEN_RUNNING -> List.of("sleep", "600");
            };
        }

        Set<JobState> ends() {
            return switch (this) {
                case COMPLETES -> Set.of(JobState.COMPLETED);
                case FAILS -> Set.of(JobState.FAILED);
                case CANCELLED_AT_ONCE -> Set.of(JobState.CANCELLED, JobState.COMPLETED);
                case CANCELLED_WITH_ITS_LEASE, CANCELLED_WHEN_RUNNING -> Set.of(JobState.CANCELLED);
            };
        }

        void befall(JobHandle job) {
            switch (this) {
                case COMPLETES, FAILS -> {}
                case CANCELLED_AT_ONCE -> job.cancel();
                case CANCELLED_WITH_ITS_LEASE ->
                    job.events(event -> {
                        if (event instanceof JobEvent.Leased) {
                            job.cancel();
                        }
                    });
                case CANCELLED_WHEN_RUNNING ->
                    job.events(event -> {
                        if (event instanceof JobEvent.TaskStarted) {
                            job.cancel();
                        }
                    });
            }
        }
    }

    private record Submitted(JobHandle job, Fate fate) {}

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void allEndAsTheyMustAndAllGpusAreFree() throws Exception {
        Map<String, String> settings = Map.of(
                "sage.home", folder.resolve("home").toString(),
                "sage.locks-folder", folder.resolve("locks").toString(),
                "sage.gpus.ids", "0-3",
                "sage.gpus.idle-check.when", "off",
                "sage.queue.max-gpus-per-owner", "3",
                // A GPU that rests because it was not seen to be free would make the last job late.
                "sage.queue.recheck-after", "1h");
        try (LocalEnvironment env = LocalEnvironment.create("queued", settings)) {
            long sinceNs = System.nanoTime();
            List<Submitted> all = submitAll(env, new Random(SEED));
            Map<JobState, Integer> ends = new EnumMap<>(JobState.class);
            for (Submitted one : all) {
                JobResult result = one.job().result().toCompletableFuture().get(BOUND.toSeconds(), TimeUnit.SECONDS);
                assertThat(result.state())
                        .as("%s, %s; run it again with -Dsage.test.seed=%s", one.fate(), result.reason(), SEED)
                        .isIn(one.fate().ends());
                assertThat(result.clean()).as(() -> result.cleanup().toString()).isTrue();
                ends.merge(result.state(), 1, Integer::sum);
            }
            System.out.printf(
                    Locale.ROOT,
                    "%d queued commands on %d GPUs: %.0f jobs/s, %s%n",
                    JOBS,
                    GPUS,
                    JOBS * 1e9 / (System.nanoTime() - sinceNs),
                    ends);
            List<Owned> owned = Owned.all();
            for (Submitted one : all) {
                assertThat(one.job().leases().holders()).isEmpty();
                assertThat(owned).noneMatch(process -> process.isOf(one.job()));
            }
            assertAllAreFree(env);
        }
        assertThat(filesIn(folder.resolve("home/ledger"))).isEmpty();
        assertThat(filesIn(folder.resolve("locks")))
                .hasSize(GPUS)
                .allSatisfy(lock -> assertThat(lock).isEmptyFile());
    }

    private static List<Submitted> submitAll(LocalEnvironment env, Random random) {
        List<Submitted> all = new ArrayList<>();
        Fate[] fates = Fate.values();
        for (int i = 0; i < JOBS; i++) {
            // Every second one just runs.
            Fate fate = random.nextBoolean() ? Fate.COMPLETES : fates[random.nextInt(fates.length)];
            env.command("command", ProcessService.command(fate.command()).gpus(1 + random.nextInt(3)));
            JobHandle job = env.submit(SubmitOptions.autostop()
                    .priority(random.nextInt(-1_000, 1_001))
                    .owner("owner-" + random.nextInt(3)));
            fate.befall(job);
            all.add(new Submitted(job, fate));
        }
        return all;
    }

    /** One owner may have three; so two jobs at the same time, one of which has the fourth. */
    private static void assertAllAreFree(LocalEnvironment env) throws Exception {
        env.command("three", ProcessService.command("sleep", "600").gpus(GPUS - 1));
        JobHandle three = env.submit(SubmitOptions.autostop().owner("one"));
        Jobs.awaitState(three, JobState.RUNNING);
        env.command("fourth", ProcessService.command("true").gpus(1));
        JobHandle fourth = env.submit(SubmitOptions.autostop().owner("another"));
        assertThat(fourth.awaitClean(SOON).state()).isEqualTo(JobState.COMPLETED);
        three.cancel();
        assertThat(Jobs.end(three).state()).isEqualTo(JobState.CANCELLED);
    }

    private static List<Path> filesIn(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.toList();
        }
    }
}
