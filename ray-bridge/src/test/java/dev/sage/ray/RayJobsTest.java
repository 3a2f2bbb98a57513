package dev.sage.ray;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import dev.sage.ray.cluster.RayInstallation;
import dev.sage.runtime.process.ProcessTree;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Jobs with a real Ray, of a cluster that the first of them starts and that ends with their environment. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RayJobsTest {
    @TempDir
    private static Path folder;

    private static LocalEnvironment env;
    private static Path python;

    @BeforeAll
    void start() throws Exception {
        python = Files.writeString(folder.resolve("rag.py"), RagProgram.PYTHON);
        env = LocalEnvironment.create("ray", settings(folder.resolve("home"), version()));
    }

    /** Of Ray. */
    String version() {
        return RayInstallation.PINNED;
    }

    static Map<String, Object> settings(Path home, String version) throws InterruptedException {
        Map<String, Object> settings = new HashMap<>(TestRay.settings(TestRay.installation(version)));
        settings.put("sage.home", home.toString());
        settings.put("sage.locks-folder", home.resolve("locks").toString());
        settings.put("sage.gpus.idle-check.when", "off");
        settings.put("sage.ray.cluster.ready-within", "180s");
        return settings;
    }

    @AfterAll
    static void nothingIsLeft() {
        RayParts parts =
                RayParts.of(ProcessHandle.current(), folder.resolve("home")).orElseThrow();
        env.close();
        assertThat(parts.gateway().isAlive()).isFalse();
        assertThat(ProcessTree.using(parts.folder()).members()).isEmpty();
        assertThat(parts.folder()).doesNotExist();
        assertThat(folder.resolve("home/ledger")).isEmptyDirectory();
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
    void largeValuesCrossAsArgumentsAndAsRecordsInBothDirections() throws Exception {
        Index index = env.service(
                        "index", RayService.python(python.toString(), "Index").args(List.of()))
                .as(Index.class);
        byte[] large = new byte[64 << 20];
        new Random(1).nextBytes(large);
        Result seen = new Result();
        // Together more than one frame may have; each by itself more than a call of a batch should have.
        env.fromRange(0, 12)
                .map(n -> Arrays.copyOf(large, n == 5 ? large.length : (10 << 20) + n.intValue()))
                .on(RayPool.python(python.toString(), "Scorer"))
                .map("same", byte[].class)
                .sink(seen::add);
        JobHandle job = env.submit();
        job.awaitIdle();
        assertThat(Arrays.equals((byte[]) index.same(large), large)).isTrue();
        assertThat(seen.lengths())
                .isEqualTo(LongStream.range(0, 12)
                        .map(n -> n == 5 ? large.length : (10 << 20) + n)
                        .boxed()
                        .toList());
        job.stop();
        assertThat(job.awaitClean().clean()).isTrue();
    }

    /** Answers what it was given. */
    public static final class Mirror {
        public byte[] same(byte[] value) {
            return value;
        }
    }

    interface Mirroring {
        byte[] same(byte[] value);
    }

    @Test
    void largeValuesCrossAsArgumentsAndAsRecordsBetweenJavaAndJava() throws Exception {
        Mirroring mirror = env.service("mirror", RayService.java(Mirror.class)).as(Mirroring.class);
        byte[] large = new byte[64 << 20];
        new Random(2).nextBytes(large);
        Result seen = new Result();
        env.fromCollection(List.of(1 << 20, large.length))
                .map(length -> Arrays.copyOf(large, length))
                .on(RayPool.java(Mirror.class))
                .map("same", byte[].class)
                .filter(value -> Arrays.mismatch(value, large) == (value.length == large.length ? -1 : value.length))
                .sink(seen::add);
        JobHandle job = env.submit();
        job.awaitIdle();
        for (int length : List.of(1 << 20, large.length)) {
            byte[] value = Arrays.copyOf(large, length);
            assertThat(Arrays.equals(mirror.same(value), value)).isTrue();
        }
        assertThat(seen.lengths()).containsExactly(1L << 20, (long) large.length);
        job.stop();
        assertThat(job.awaitClean().clean()).isTrue();
    }

    /** How long the values were; they themselves would be too much. */
    private static final class Result {
        private final List<Long> lengths = new ArrayList<>();

        synchronized void add(byte[] value) {
            lengths.add((long) value.length);
        }

        synchronized List<Long> lengths() {
            return List.copyOf(lengths);
        }
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
        assertThat(result.clean()).as("%s", result.cleanup().lines()).isTrue();
        assertThat(actorLines(result))
                .singleElement()
                .satisfies(line ->
                        assertThat(line.reason()).startsWith("cleanup not run, as it was busy with a call; killed in"));
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
}
