package dev.sage.ray;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sage.api.CleanupReport;
import dev.sage.api.JobFailedException;
import dev.sage.api.JobHandle;
import dev.sage.api.JobResult;
import dev.sage.api.JobState;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.PythonException;
import dev.sage.api.RayEndpoint;
import dev.sage.api.RayPool;
import dev.sage.api.RayService;
import dev.sage.api.Remote;
import dev.sage.api.Service;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs with a real Ray, of a cluster that the first of them starts and that ends with their environment. */
class RayJobsTest {
    @TempDir
    private static Path folder;

    private static LocalEnvironment env;
    private static Path python;

    @BeforeAll
    static void start() throws Exception {
        python = Files.writeString(folder.resolve("rag.py"), RagProgram.PYTHON);
        env = LocalEnvironment.create("ray", settings(folder.resolve("home")));
    }

    static Map<String, Object> settings(Path home) throws InterruptedException {
        Map<String, Object> settings = new HashMap<>(TestRay.settings(TestRay.installation("2.60.0")));
        settings.put("sage.home", home.toString());
        settings.put("sage.locks-folder", home.resolve("locks").toString());
        settings.put("sage.gpus.idle-check.when", "off");
        settings.put("sage.ray.cluster.ready-within", "180s");
        return settings;
    }

    @AfterAll
    static void nothingIsLeft() throws IOException {
        List<ProcessHandle> before = ProcessHandle.current().descendants().toList();
        env.close();
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(before).noneMatch(RayJobsTest::isOfRay));
        Path ledgers = folder.resolve("home/ledger");
        if (Files.exists(ledgers)) {
            assertThat(ledgers).isEmptyDirectory();
        }
    }

    private static boolean isOfRay(ProcessHandle process) {
        return process.isAlive() && process.info().commandLine().orElse("").contains("ray");
    }

    /** As the job sees the class of Python. */
    interface Index {
        List<Hit> find(String question, int count);

        Object same(Object value);

        long crash();
    }

    record Hit(String text, double score) {}

    @Test
    void aRagJobAsksItsIndexInPythonAndLeavesNothing() throws Exception {
        Index index = env.service(
                        "index",
                        RayService.python(python.toString(), "Index")
                                .args(List.of("a b", "b c"))
                                .gpus(0.5))
                .as(Index.class);
        var hits = env.fromCollection(List.of("a", "b"))
                .mapAsync(2, question -> index.find(question, 2))
                .collect();
        JobResult result = env.run();
        assertThat(hits.list())
                .containsExactly(List.of(new Hit("a b", 0.5)), List.of(new Hit("a b", 0.5), new Hit("b c", 0.5)));
        assertThat(actorLines(result)).singleElement().satisfies(line -> {
            assertThat(line.outcome()).isEqualTo(CleanupReport.Outcome.RELEASED);
            assertThat(line.reason()).startsWith("cleanup ok");
        });
        assertThat(folder.resolve("cleaned")).doesNotExist();
    }

    private static List<CleanupReport.Line> actorLines(JobResult result) {
        return result.cleanup().lines().stream()
                .filter(line -> line.kind().equals("ray-actor"))
                .toList();
    }

    @Test
    void valuesCrossInBothDirections() throws Exception {
        Index index = env.service(
                        "index", RayService.python(python.toString(), "Index").args(List.of()))
                .as(Index.class);
        JobHandle job = env.submit();
        job.awaitIdle();
        Map<String, Object> nested = new HashMap<>();
        nested.put("list", List.of(1L, 2.5, "ü", true, new BigInteger("123456789012345678901234567890")));
        nested.put("none", null);
        nested.put("map", Map.of(1L, List.of()));
        assertThat(index.same(nested)).isEqualTo(nested);
        assertThat(index.same(null)).isNull();
        assertThat((byte[]) index.same(new byte[1 << 20])).hasSize(1 << 20);
        job.stop();
        assertThat(job.awaitClean().clean()).isTrue();
    }

    @Test
    void whatPythonRaisesFailsTheJobWithItsTraceback() {
        RayEndpoint index = env.service(
                        "index", RayService.python(python.toString(), "Index").args(List.of()))
                .as(RayEndpoint.class);
        env.fromRange(0, 1).map(n -> String.valueOf(index.call("fail", "bad"))).print();
        assertThatThrownBy(env::run)
                .isInstanceOf(JobFailedException.class)
                .cause()
                .isInstanceOfSatisfying(PythonException.class, raised -> {
                    assertThat(raised.type()).isEqualTo("ValueError");
                    assertThat(raised).hasMessage("ValueError: bad");
                    assertThat(raised.traceback()).contains("rag.py");
                });
    }

    @Test
    void aCancelledJobEndsItsActorsWhileTheyWork() throws Exception {
        RayEndpoint index = env.service(
                        "index", RayService.python(python.toString(), "Index").args(List.of()))
                .as(RayEndpoint.class);
        CountDownLatch calls = new CountDownLatch(1);
        env.fromRange(0, 1)
                .map(n -> {
                    calls.countDown();
                    return String.valueOf(index.call("hang"));
                })
                .print();
        JobHandle job = env.submit();
        assertThat(calls.await(3, TimeUnit.MINUTES)).isTrue();
        job.cancel();
        JobResult result = job.awaitClean();
        assertThat(result.state()).isEqualTo(JobState.CANCELLED);
        assertThat(actorLines(result)).hasSize(1);
    }

    @Test
    void anActorThatDiesFailsItsJob() throws Exception {
        Index index = env.service(
                        "index", RayService.python(python.toString(), "Index").args(List.of()))
                .as(Index.class);
        JobHandle job = env.submit();
        job.awaitIdle();
        assertThatThrownBy(index::crash).hasMessageContaining("died");
        assertThatThrownBy(job::awaitClean).isInstanceOf(JobFailedException.class);
        assertThat(job.result().toCompletableFuture().join().clean()).isTrue();
    }

    @Test
    void operatorsRunInAPoolInOrderAndByKey() throws Exception {
        RayPool pool = RayPool.python(python.toString(), "Scorer").actors(2);
        var scores = env.fromRange(0, 2_000).on(pool).map("score", Long.class).collect();
        var sums = env.fromRange(0, 100)
                .keyBy(n -> n % 3)
                .on(pool)
                .process("add", "sums", Map.class)
                .collect();
        JobResult result = env.run();
        assertThat(scores.list())
                .isEqualTo(LongStream.range(0, 2_000).mapToObj(n -> n * 10).toList());
        assertThat(sums.list())
                .extracting(sum -> sum.get("key"), sum -> sum.get("sum"))
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple(0L, 1683L),
                        org.assertj.core.groups.Tuple.tuple(1L, 1617L),
                        org.assertj.core.groups.Tuple.tuple(2L, 1650L));
        assertThat(actorLines(result)).hasSize(4).allMatch(line -> line.outcome() == CleanupReport.Outcome.RELEASED);
    }

    /** As it runs here and, by one word, on Ray. */
    static final class Counter implements Service {
        private int count;
        private boolean started;

        @Override
        public void start() {
            started = true;
        }

        public synchronized int add(int n) {
            if (!started) {
                throw new IllegalStateException("not started");
            }
            count += n;
            return count;
        }
    }

    interface Adding {
        int add(int n);
    }

    @Test
    void oneWordMovesAJavaServiceToRay() throws Exception {
        Adding counter = env.service("counter", Counter::new, Remote.remote()).as(Adding.class);
        var sums = env.fromCollection(List.of(1, 2, 3)).map(counter::add).collect();
        env.run();
        assertThat(sums.list()).containsExactly(1, 3, 6);
    }

    /** Of what crosses, only the enum is serializable by itself. */
    public static final class Ranking {
        private final Optional<Hit> first;

        public Ranking(Optional<Hit> first) {
            this.first = first;
        }

        public Map<TimeUnit, List<Hit>> rank(TimeUnit unit, Optional<String> wanted, List<Hit> hits) {
            List<Hit> ranked = new ArrayList<>(hits.stream()
                    .filter(hit -> wanted.isEmpty() || hit.text().equals(wanted.get()))
                    .toList());
            first.ifPresent(hit -> ranked.add(0, hit));
            return Map.of(unit, ranked);
        }

        public Optional<Hit> none() {
            return Optional.empty();
        }

        public Object closed() {
            return new Object();
        }
    }

    interface Ranks {
        Map<TimeUnit, List<Hit>> rank(TimeUnit unit, Optional<String> wanted, List<Hit> hits);

        Optional<Hit> none();

        Object closed();
    }

    @Test
    void recordsOptionalsAndEnumsCrossBothWaysBetweenJavaAndJava() throws Exception {
        Hit first = new Hit("first", 1);
        Hit second = new Hit("b", 0.5);
        Ranks ranks = env.service("ranking", RayService.java(Ranking.class).args(Optional.of(first)))
                .as(Ranks.class);
        JobHandle job = env.submit();
        job.awaitIdle();
        assertThat(ranks.rank(TimeUnit.DAYS, Optional.of("b"), List.of(new Hit("a", 2), second)))
                .isEqualTo(Map.of(TimeUnit.DAYS, List.of(first, second)));
        assertThat(ranks.none()).isEmpty();
        assertThatThrownBy(ranks::closed)
                .hasMessageContaining("a java.lang.Object cannot cross, as it is not serializable");
        job.stop();
        assertThat(job.awaitClean().clean()).isTrue();
    }

    @Test
    void killedWithItsClientNothingOfRayIsLeft(@TempDir Path other) throws Exception {
        Path home = other.resolve("home");
        Process client = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        RagProgram.class.getName(),
                        home.toString(),
                        python.toString(),
                        TestRay.installation("2.60.0").python().toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8))) {
            String line = lines.readLine();
            while (line != null && !line.equals("calls")) {
                line = lines.readLine();
            }
            assertThat(line).isEqualTo("calls");
            List<ProcessHandle> all = client.toHandle().descendants().toList();
            assertThat(all).anyMatch(RayJobsTest::isOfRay);
            client.destroyForcibly();
            await().atMost(Duration.ofSeconds(30)).until(() -> all.stream().noneMatch(RayJobsTest::isOfRay));
        } finally {
            client.destroyForcibly();
        }
        LocalEnvironment next = LocalEnvironment.create("next", settings(home));
        try {
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(home.resolve("ledger")).isEmptyDirectory());
        } finally {
            next.close();
        }
    }
}
