package dev.sage.acceptance.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.api.JobHandle;
import dev.sage.api.JobResult;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.SubmitOptions;
import dev.sage.testkit.LeakFree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Records out = what a plain sequential evaluation gives, for every graph, parallelism, fan-in, fan-out and buffer size.
 *
 * <p>Other graphs each time: 300, or 2,000 with {@code -Dsage.tests.nightly=true}. A failure prints its seed, and
 * {@code -Dsage.seed=…} runs that graph alone.
 */
@ExtendWith(LeakFree.class)
class RandomGraphTest {
    private static final String SEED = "sage.seed";
    private static final int GRAPHS = Boolean.getBoolean("sage.tests.nightly") ? 2_000 : 300;
    private static final Duration BOUND = Duration.ofSeconds(30);

    /** The seeds of one run are consecutive, and each one's remainder chooses its settings. */
    private static final long FIRST_SEED = new SecureRandom().nextInt(1, 1 << 30) * 1_000L;

    @TempDir
    private Path folder;

    /** The buffers between tasks. */
    record Buffers(int batchRecords, int channelBatches) {
        private static final List<Buffers> ALL = Stream.of(1, 2, 7, 1024)
                .flatMap(records -> Stream.of(1, 2, 4).map(batches -> new Buffers(records, batches)))
                .toList();

        static Buffers of(long seed) {
            return ALL.get((int) Math.floorMod(seed, (long) ALL.size()));
        }

        LocalEnvironment environment() {
            return LocalEnvironment.create(
                    "random-graphs",
                    Map.of(
                            "sage.exchange.batch-records",
                            batchRecords,
                            "sage.exchange.channel-batches",
                            channelBatches));
        }
    }

    static List<Buffers> buffers() {
        return Buffers.ALL;
    }

    @ParameterizedTest
    @MethodSource("buffers")
    @DisabledIfSystemProperty(named = SEED, matches = ".+")
    void recordsOutEqualASequentialEvaluation(Buffers buffers) throws Exception {
        try (LocalEnvironment environment = buffers.environment()) {
            for (long seed : seeds().filter(s -> Buffers.of(s).equals(buffers)).toArray()) {
                runGraph(seed, environment);
            }
        }
    }

    @Test
    @EnabledIfSystemProperty(named = SEED, matches = ".+")
    void recordsOutOfTheGraphOfOneSeedEqualASequentialEvaluation() throws Exception {
        long seed = Long.getLong(SEED);
        try (LocalEnvironment environment = Buffers.of(seed).environment()) {
            runGraph(seed, environment);
        }
    }

    @Test
    void threeGraphsInTenHaveAFanInFromSeveralInstances() {
        long fanIns =
                seeds().filter(seed -> RandomGraph.of(seed).hasParallelFanIn()).count();
        assertThat(fanIns).isGreaterThanOrEqualTo(GRAPHS * 3L / 10);
    }

    @Test
    void seedGivesTheSameGraphEachTime() {
        assertThat(RandomGraph.of(FIRST_SEED))
                .hasToString(RandomGraph.of(FIRST_SEED).toString());
    }

    private static LongStream seeds() {
        return LongStream.range(FIRST_SEED, FIRST_SEED + GRAPHS);
    }

    private void runGraph(long seed, LocalEnvironment environment) throws Exception {
        Graph graph = RandomGraph.of(seed);
        Disturbance disturbance = Disturbance.of(seed);
        try {
            runGraph(graph, disturbance, environment);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(
                    "Seed " + seed + ", run it again with -Dsage.seed=" + seed + ". " + Buffers.of(seed) + ", "
                            + disturbance + ", graph:\n" + graph + e.getMessage(),
                    e);
        }
    }

    private void runGraph(Graph graph, Disturbance disturbance, LocalEnvironment environment)
            throws IOException, InterruptedException {
        Path files = Files.createTempDirectory(folder, "graph");
        AddingService service = new AddingService();
        Adder adder = environment.service("adder", () -> service).concurrent(4).as(Adder.class);
        Site site = new Site(environment, adder, new ArrayList<>(), files, disturbance.isStop());
        List<Runnable> checks = graph.build(site);
        JobHandle job = environment.submit(SubmitOptions.autostop());
        JobResult result;
        try {
            disturbance.apply(job);
            result = job.awaitClean(BOUND);
        } catch (TimeoutException e) {
            throw new AssertionError("The job hangs: " + e.getMessage() + ", progress " + job.progress(), e);
        }
        assertThat(service.isCleaned())
                .as("the service was cleaned up when the wait was over")
                .isTrue();
        assertThat(result.state()).isIn(disturbance.outcomes());
        assertThat(result.clean()).as(() -> result.cleanup().toString()).isTrue();
        checks.forEach(Runnable::run);
        site.checks().forEach(Runnable::run);
        deleteAll(files);
    }

    private static void deleteAll(Path files) throws IOException {
        try (Stream<Path> listed = Files.list(files)) {
            for (Path file : listed.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(files);
    }
}
