package dev.sage.runtime.ray;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sage.api.CleanupReport;
import dev.sage.api.DeadLetter;
import dev.sage.api.ErrorPolicy;
import dev.sage.api.JobFailedException;
import dev.sage.api.JobHandle;
import dev.sage.api.JobResult;
import dev.sage.api.JobState;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.RayPool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RayOperatorsTest {
    private static final RayPool POOL = RayPool.python("m", "Scorer").batch(7);

    @TempDir
    private Path folder;

    private LocalEnvironment env;

    @BeforeEach
    void start() {
        FakeRay.clear();
        Scorer.permits = null;
        Scorer.began.clear();
        FakeRay.define("m.Scorer", arguments -> new Scorer());
        env = LocalEnvironment.create(
                "ray",
                Map.of(
                        "sage.home", folder.toString(),
                        "sage.exchange.batch-records", "5",
                        // For actors that a test holds in a call.
                        "sage.ray.cleanup-within", "1s"));
    }

    @AfterEach
    void nothingIsLeft() {
        Scorer.permits = null;
        env.close();
        assertThat(FakeRay.names()).isEmpty();
    }

    /** What stands for a class of Python. */
    static final class Scorer {
        static volatile Semaphore permits;
        static final ConcurrentLinkedQueue<Long> began = new ConcurrentLinkedQueue<>();
        private final Map<Long, Long> sums = new LinkedHashMap<>();
        private int failures;

        long score(Long n) throws InterruptedException {
            began.add(n);
            Semaphore wait = permits;
            if (wait != null) {
                wait.acquire();
            }
            return n * 10;
        }

        List<Long> upTo(Long n) {
            return LongStream.range(0, n).boxed().toList();
        }

        boolean even(Long n) {
            return n % 2 == 0;
        }

        long picky(Long n) {
            if (n % 10 == 3) {
                throw new IllegalArgumentException("no " + n);
            }
            return n;
        }

        long onceBad(Long n) {
            if (n == 5 && failures++ == 0) {
                throw new IllegalArgumentException("not yet");
            }
            return n;
        }

        Object nothing(Long n) {
            return n == 4 ? null : n;
        }

        List<Long> sum(Long key, Long n) {
            long sum = sums.merge(key, n, Long::sum);
            return sum > 1_000 ? List.of(sum) : List.of();
        }

        List<Long> slowSum(Long key, Long n) throws InterruptedException {
            score(n);
            return sum(key, n);
        }

        List<String> sums() {
            List<String> all = new ArrayList<>();
            sums.forEach((key, sum) -> all.add(key + "=" + sum));
            return all;
        }
    }

    @Test
    void resultsKeepTheOrderOfTheRecordsOverAllActors() throws Exception {
        var results = env.fromRange(0, 1_000)
                .on(POOL.actors(3))
                .map("score", Long.class)
                .collect();
        JobResult result = env.run();
        assertThat(results.list())
                .isEqualTo(LongStream.range(0, 1_000).mapToObj(n -> n * 10).toList());
        assertThat(result.cleanup().lines())
                .filteredOn(line -> line.kind().equals("ray-actor"))
                .extracting(CleanupReport.Line::name)
                .containsExactlyInAnyOrder("ray-map", "ray-map~2", "ray-map~3");
    }

    @Test
    void aFlatMapEmitsTheElementsAndAFilterTheRecords() throws Exception {
        var flat = env.fromRange(0, 50).on(POOL).flatMap("upTo", Long.class).collect();
        var even = env.fromRange(0, 50).on(POOL.actors(2)).filter("even").collect();
        env.run();
        assertThat(flat.list())
                .isEqualTo(LongStream.range(0, 50)
                        .flatMap(n -> LongStream.range(0, n))
                        .boxed()
                        .toList());
        assertThat(even.list())
                .isEqualTo(
                        LongStream.range(0, 50).filter(n -> n % 2 == 0).boxed().toList());
    }

    @Test
    void recordsTravelManyInOneCallUnderLoad() throws Exception {
        Scorer.permits = new Semaphore(0);
        var results = env.fromRange(0, 200).on(POOL).map("score", Long.class).collect();
        JobHandle job = env.submit();
        String name = "job_" + job.id() + "_1_ray-map";
        await().until(() ->
                FakeRay.names().contains(name) && !FakeRay.actor(name).batches().isEmpty());
        FakeActor actor = FakeRay.actor(name);
        Scorer.permits.release(1_000);
        job.awaitIdle();
        assertThat(results.list()).hasSize(200);
        assertThat(actor.batches()).hasSizeLessThan(60).allMatch(size -> size <= 7);
        job.stop();
    }

    @Test
    void aSlowActorHasAFewBatchesUnderWayAndTheStreamWaits() throws Exception {
        Scorer.permits = new Semaphore(0);
        AtomicInteger sent = new AtomicInteger();
        env.fromRange(0, 100_000)
                .map(n -> {
                    sent.incrementAndGet();
                    return n;
                })
                .on(POOL)
                .map("score", Long.class)
                .print();
        JobHandle job = env.submit();
        String name = "job_" + job.id() + "_1_ray-map";
        await().until(() ->
                FakeRay.names().contains(name) && FakeRay.actor(name).batches().size() == 2);
        FakeActor actor = FakeRay.actor(name);
        Scorer.permits.release(1);
        await().until(() -> Scorer.began.size() == 2);
        assertThat(actor.batches()).hasSize(2);
        await().during(Duration.ofMillis(200)).until(() -> sent.get() < 200);
        job.cancel();
        assertThat(job.awaitClean().state()).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void eachActorOfAPoolHasItsNumberOfBatchesUnderWayAndNoMore() throws Exception {
        Scorer.permits = new Semaphore(0);
        env.fromRange(0, 100_000).on(POOL.actors(3)).map("score", Long.class).print();
        JobHandle job = env.submit();
        await().until(() -> FakeRay.names().size() == 3);
        List<FakeActor> actors = FakeRay.names().stream().map(FakeRay::actor).toList();
        await().until(() -> batches(actors) == 6);
        // A batch has as many records as were there, so how many batches these end is not known.
        Scorer.permits.release(1_000);
        await().until(() -> Scorer.permits.availablePermits() == 0);
        assertThat(actors).allSatisfy(actor -> {
            assertThat(actor.mostBatches()).isEqualTo(2);
            assertThat(actor.batches()).hasSizeGreaterThan(2);
        });
        job.cancel();
        assertThat(job.awaitClean().state()).isEqualTo(JobState.CANCELLED);
    }

    private static int batches(List<FakeActor> actors) {
        return actors.stream().mapToInt(actor -> actor.batches().size()).sum();
    }

    @Test
    void whatADeadActorHadIsNoMoreForTheOthersThanTheyMayHave() throws Exception {
        Scorer.permits = new Semaphore(0);
        env.fromRange(0, 100_000).on(POOL.actors(3)).map("score", Long.class).print();
        JobHandle job = env.submit();
        await().until(() -> FakeRay.names().size() == 3);
        List<FakeActor> actors = FakeRay.names().stream().map(FakeRay::actor).toList();
        await().until(() -> batches(actors) == 6);
        FakeRay.gate = new CountDownLatch(1);
        actors.get(0).die();
        await().until(() -> FakeRay.names().size() == 3);
        await().during(Duration.ofMillis(200)).until(() -> batches(actors) == 6);
        FakeRay.gate.countDown();
        job.cancel();
        assertThat(job.awaitClean().state()).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void aSlowReaderOfTheResultsHoldsTheCallsBack() throws Exception {
        Semaphore reader = new Semaphore(0);
        AtomicInteger read = new AtomicInteger();
        env.fromRange(0, 100_000).on(POOL).map("score", Long.class).sink(n -> {
            reader.acquire();
            read.incrementAndGet();
        });
        JobHandle job = env.submit();
        await().until(() -> FakeRay.names().size() == 1);
        FakeActor actor = FakeRay.actor(FakeRay.names().iterator().next());
        reader.release(20);
        await().until(() -> read.get() == 20);
        await().during(Duration.ofMillis(200)).until(() -> actor.batches().size() < 30);
        job.cancel();
        assertThat(job.awaitClean().state()).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void theActorsOfAKeyedProcessKeepWhatTheyLikeAndTellItAtTheEnd() throws Exception {
        var results = env.fromRange(0, 100)
                .keyBy(n -> n % 10)
                .on(POOL.actors(4))
                .process("sum", "sums", Object.class)
                .collect();
        env.run();
        assertThat(results.list())
                .containsExactlyInAnyOrderElementsOf(LongStream.range(0, 10)
                        .<Object>mapToObj(key -> key + "=" + (450 + 10 * key))
                        .toList());
    }

    @Test
    void whatADeadActorHadIsRepeatedByTheOneThatTakesItsPlace() throws Exception {
        Scorer.permits = new Semaphore(0);
        var results = env.fromRange(0, 100)
                .on(POOL.actors(2))
                .map("score", Long.class)
                .collect();
        JobHandle job = env.submit();
        String name = "job_" + job.id() + "_1_ray-map";
        await().until(() -> Scorer.began.size() == 2);
        FakeRay.actor(name).die();
        await().until(() -> FakeRay.names().contains(name + "~3"));
        assertThat(FakeRay.held(folder)).containsExactlyInAnyOrder(name + "~2", name + "~3");
        Scorer.permits.release(1_000);
        job.awaitIdle();
        assertThat(results.list())
                .isEqualTo(LongStream.range(0, 100).mapToObj(n -> n * 10).toList());
        job.stop();
    }

    @Test
    void resultsKeepTheirOrderWhileActorsDieAndAreReplaced() throws Exception {
        Scorer.permits = new Semaphore(0);
        var results = env.fromRange(0, 1_000)
                .on(POOL.actors(3).maxRestarts(20))
                .map("score", Long.class)
                .collect();
        JobHandle job = env.submit();
        await().until(() -> FakeRay.names().size() == 3);
        for (int death = 1; death <= 20; death++) {
            Scorer.permits.release(30);
            int made = 3 + death;
            FakeRay.actor(FakeRay.names().stream()
                            .sorted()
                            .skip(death % 3)
                            .findFirst()
                            .orElseThrow())
                    .die();
            await().until(() -> FakeRay.made.get() == made && FakeRay.names().size() == 3);
        }
        Scorer.permits.release(10_000);
        job.awaitIdle();
        assertThat(results.list())
                .isEqualTo(LongStream.range(0, 1_000).mapToObj(n -> n * 10).toList());
        job.stop();
    }

    @Test
    void oneDeathMoreThanMayBeFailsTheJobWithTheOperatorAndTheCause() throws Exception {
        Scorer.permits = new Semaphore(0);
        env.fromRange(0, 100)
                .on(POOL.maxRestarts(0))
                .map("score", Long.class)
                .name("scores")
                .print();
        JobHandle job = env.submit();
        await().until(() -> Scorer.began.size() == 1);
        FakeRay.actor("job_" + job.id() + "_1_scores").die();
        assertThatThrownBy(job::awaitClean)
                .isInstanceOf(JobFailedException.class)
                .hasMessageContaining("'scores'")
                .hasMessageContaining("killed by a test");
    }

    @Test
    void anActorWithStateIsNotReplacedUnlessThatIsSaid() throws Exception {
        Scorer.permits = new Semaphore(0);
        env.fromRange(0, 10)
                .keyBy(n -> n)
                .on(POOL)
                .process("slowSum", Object.class)
                .print();
        JobHandle job = env.submit();
        await().until(() -> Scorer.began.size() == 1);
        FakeRay.actor("job_" + job.id() + "_1_ray-process").die();
        assertThatThrownBy(job::awaitClean)
                .isInstanceOf(JobFailedException.class)
                .hasMessageContaining("maxRestarts");
    }

    @Test
    void aRecordThatRaisesGoesByThePolicyAndTheOthersOfItsBatchGoOn() throws Exception {
        ConcurrentLinkedQueue<DeadLetter> letters = new ConcurrentLinkedQueue<>();
        var skipped = env.fromRange(0, 100)
                .on(POOL)
                .map("picky", Long.class)
                .onError(ErrorPolicy.skip())
                .collect();
        var aside = env.fromRange(0, 30)
                .on(POOL)
                .map("picky", Long.class)
                .onError(ErrorPolicy.deadLetter(letters::add))
                .collect();
        var retried = env.fromRange(0, 30)
                .on(POOL)
                .map("onceBad", Long.class)
                .onError(ErrorPolicy.retry(2, Duration.ofMillis(1)))
                .collect();
        env.run();
        assertThat(skipped.list())
                .isEqualTo(LongStream.range(0, 100)
                        .filter(n -> n % 10 != 3)
                        .boxed()
                        .toList());
        assertThat(aside.list()).hasSize(27);
        assertThat(letters).extracting(DeadLetter::value).containsExactly(3L, 13L, 23L);
        assertThat(retried.list()).isEqualTo(LongStream.range(0, 30).boxed().toList());
    }

    @Test
    void withoutAPolicyTheJobFailsWithTheOrdinalOfTheRecord() {
        env.fromRange(0, 100)
                .on(POOL.actors(2))
                .map("picky", Long.class)
                .name("picky")
                .print();
        assertThatThrownBy(env::run)
                .isInstanceOf(JobFailedException.class)
                .hasMessageContaining("'picky'")
                .hasMessageContaining("record 3")
                .hasRootCauseMessage("IllegalArgumentException: no 3");
    }

    @Test
    void nothingIsNoRecord() {
        env.fromRange(0, 10).on(POOL).map("nothing", Object.class).print();
        assertThatThrownBy(env::run).hasMessageContaining("method 'nothing' answered nothing");
    }

    @Test
    void aConstructorThatRaisesFailsTheJobAndLeavesNothing() {
        AtomicInteger made = new AtomicInteger();
        FakeRay.define("m.Half", arguments -> {
            if (made.incrementAndGet() == 2) {
                throw new IllegalStateException("no GPU");
            }
            return new Scorer();
        });
        env.fromRange(0, 10)
                .on(RayPool.python("m", "Half").actors(3))
                .map("score", Long.class)
                .print();
        assertThatThrownBy(env::run).hasMessageContaining("no GPU");
        assertThat(FakeRay.names()).isEmpty();
    }

    /** Several times, for the task may look again before the call that made the actors has ended, or after. */
    @RepeatedTest(20)
    void actorsThatAreBeingMadeWhenTheJobIsCancelledAreKilledByTheirNames() throws Exception {
        FakeRay.gate = new CountDownLatch(1);
        env.fromRange(0, 10).on(POOL.actors(2)).map("score", Long.class).print();
        JobHandle job = env.submit();
        await().until(() -> FakeRay.names().size() == 2);
        job.cancel();
        CleanupReport cleanup = job.awaitClean().cleanup();
        assertThat(cleanup.clean()).as("%s", cleanup).isTrue();
        assertThat(FakeRay.names()).isEmpty();
    }
}
