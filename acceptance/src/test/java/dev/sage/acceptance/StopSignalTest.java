package dev.sage.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sage.api.DataStream;
import dev.sage.api.JobHandle;
import dev.sage.api.JobResult;
import dev.sage.api.JobState;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.Next;
import dev.sage.api.Results;
import dev.sage.api.SubmitOptions;
import dev.sage.testkit.Gate;
import dev.sage.testkit.LifecycleProbe;
import dev.sage.testkit.SageTest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The ways in which stop signals were lost, taken too early or waited for in vain in the systems that Sage follows, each
 * as a rule that holds here.
 */
@SageTest
class StopSignalTest {
    private static final int RECORDS = 2000;

    @ParameterizedTest(name = "{0} upstream, {1} downstream")
    @CsvSource({"2,1", "4,1", "2,3", "4,3", "3,4", "8,2"})
    void everyRecordOfEveryParallelUpstreamInstanceArrives(int upstream, int downstream, LocalEnvironment env)
            throws InterruptedException {
        RecordingSink<Long> sink = new RecordingSink<>();
        env.fromRange(0, RECORDS)
                .parallelism(upstream)
                .map(StopSignalTest::slowNearTheEnd)
                .parallelism(upstream)
                .map(n -> n)
                .parallelism(downstream)
                .sink(sink);
        assertThat(env.run().state()).isEqualTo(JobState.COMPLETED);
        assertThat(sink.records()).containsExactlyInAnyOrderElementsOf(numbers(RECORDS));
    }

    @ParameterizedTest(name = "{0} upstream, {1} downstream")
    @CsvSource({"2,1", "4,1", "2,3", "4,3", "8,2"})
    void everyRecordOfEveryParallelUpstreamInstanceIsCountedByKey(int upstream, int downstream, LocalEnvironment env)
            throws InterruptedException {
        var counts = env.fromRange(0, RECORDS)
                .parallelism(upstream)
                .map(StopSignalTest::slowNearTheEnd)
                .parallelism(upstream)
                .keyBy(n -> n % 10)
                .count()
                .parallelism(downstream)
                .collect();
        env.run();
        assertThat(counts)
                .hasSize(10)
                .allSatisfy(count -> assertThat(count.value()).isEqualTo(RECORDS / 10));
    }

    @Test
    void firstOfSeveralInstancesThatEndsDoesNotEndTheConsumer(LocalEnvironment env) throws InterruptedException {
        try (Gate last = Gate.closed("last instance")) {
            RecordingSink<Long> sink = new RecordingSink<>();
            env.fromRange(0, 400)
                    .parallelism(4)
                    .map(n -> {
                        if (n == 300) {
                            last.pass();
                        }
                        return n;
                    })
                    .parallelism(4)
                    .sink(sink);
            JobHandle job = env.submit(SubmitOptions.autostop());
            last.awaitReached();
            await().until(() -> sink.records().size() >= 300);
            assertThat(sink.steps()).containsExactly("open");
            assertThat(job.state()).isEqualTo(JobState.RUNNING);
            last.open();
            job.awaitClean();
            assertThat(sink.records()).hasSize(400);
        }
    }

    @Test
    void unionEndsOnlyWhenAllItsInputsHaveEnded(LocalEnvironment env) throws InterruptedException {
        try (Gate gate = Gate.closed("slow input")) {
            AtomicLong calls = new AtomicLong();
            DataStream<Long> slow = env.fromBatch(() -> {
                gate.pass();
                long n = calls.getAndIncrement();
                return n < 5 ? Next.of(n) : Next.end();
            });
            RecordingSink<Long> sink = new RecordingSink<>();
            env.fromRange(0, 0)
                    .union(env.fromRange(0, 10).parallelism(3))
                    .union(slow)
                    .union(env.fromRange(0, 20))
                    .sink(sink);
            JobHandle job = env.submit(SubmitOptions.autostop());
            gate.awaitReached();
            await().until(() -> sink.records().size() >= 30);
            assertThat(sink.steps()).containsExactly("open");
            gate.open();
            assertThat(job.awaitClean().state()).isEqualTo(JobState.COMPLETED);
            assertThat(sink.records()).hasSize(35);
        }
    }

    @Test
    void streamUnitedWithItselfGivesEveryRecordTwice(LocalEnvironment env) throws InterruptedException {
        DataStream<Long> numbers = env.fromRange(0, 100).parallelism(2);
        Results<Long> both = numbers.union(numbers).collect();
        env.run();
        assertThat(both).hasSize(200).containsAll(numbers(100));
    }

    @SageTest(settings = {"sage.exchange.batch-records=1", "sage.exchange.channel-batches=1"})
    void endMarkersAreNotLostInFullBuffersBeforeSlowConsumers(LocalEnvironment env) throws InterruptedException {
        RecordingSink<Long> sink = new RecordingSink<>();
        DataStream<Long> numbers = env.fromRange(0, 300).parallelism(4);
        numbers.keyBy(n -> n % 7)
                .map(n -> n)
                .parallelism(3)
                .union(numbers.map(n -> n).parallelism(2))
                .map(StopSignalTest::slow)
                .parallelism(2)
                .sink(sink);
        assertThat(env.run().state()).isEqualTo(JobState.COMPLETED);
        assertThat(sink.records()).hasSize(600);
    }

    @SageTest(settings = {"sage.exchange.batch-records=1", "sage.exchange.channel-batches=1"})
    void longFlatMapRunsThroughTheSmallestBuffers(LocalEnvironment env) throws InterruptedException {
        Results<Long> results = env.fromRange(0, 2)
                .flatMap((Long n) -> () -> LongStream.range(0, 5_000).boxed().iterator())
                .map(n -> n)
                .parallelism(2)
                .collect();
        env.run();
        assertThat(results).hasSize(10_000);
    }

    @SageTest(settings = {"sage.exchange.batch-records=1", "sage.exchange.channel-batches=1"})
    void slowBranchOfAFanOutStopsTheQuickOneAndLosesNothing(LocalEnvironment env) throws InterruptedException {
        DataStream<Long> numbers = env.fromRange(0, 200);
        Results<Long> quick = numbers.map(n -> n).parallelism(2).collect();
        Results<Long> slow = numbers.map(StopSignalTest::slow).parallelism(3).collect();
        env.run();
        assertThat(quick).hasSize(200);
        assertThat(slow).hasSize(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"source", "map", "keyed", "sink"})
    void taskThatDiesOfAnErrorEndsTheJob(String where, LocalEnvironment env, LifecycleProbe probe)
            throws InterruptedException {
        Error error = new LinkageError("broken class in the " + where);
        env.service("index", probe.service("index"));
        RecordingSink<Long> other = new RecordingSink<>();
        DataStream<Long> numbers = env.fromSource(Jobs.endless()).map(n -> {
            dieIf(where.equals("source") && n == 50, error);
            return n;
        });
        numbers.map(n -> {
                    dieIf(where.equals("map") && n == 50, error);
                    return n;
                })
                .parallelism(2)
                .keyBy(n -> n % 3)
                .map(n -> {
                    dieIf(where.equals("keyed") && n == 50, error);
                    return n;
                })
                .parallelism(3)
                .sink(n -> dieIf(where.equals("sink") && n == 50, error));
        numbers.sink(other);
        JobResult result = Jobs.end(env.submit());
        assertThat(result.state()).isEqualTo(JobState.FAILED);
        assertThat(result.failure().orElseThrow().cause()).containsSame(error);
        assertThat(result.clean()).isTrue();
        assertThat(other.steps()).containsExactly("open", "abort");
        assertThat(probe.life("index")).livedWholly();
    }

    @Test
    void endlessSourceIsStoppedAndWhatItEmittedRunsThrough(LocalEnvironment env) throws InterruptedException {
        AtomicLong emitted = new AtomicLong();
        RecordingSink<Long> sink = new RecordingSink<>();
        env.fromSource(() -> Next.of(emitted.getAndIncrement()))
                .map(n -> n)
                .parallelism(3)
                .keyBy(n -> n % 5)
                .map(n -> n)
                .parallelism(2)
                .sink(sink);
        JobHandle job = env.submit();
        await().until(() -> emitted.get() > 1000);
        job.stop();
        JobResult result = Jobs.end(job);
        assertThat(result.state()).isEqualTo(JobState.STOPPED);
        assertThat(sink.steps()).containsExactly("open", "prepare", "commit");
        // What next() returned after the stop was asked for may be dropped, but nothing before it.
        assertThat(sink.records()).doesNotHaveDuplicates().hasSizeGreaterThan(1000);
        assertThat(sink.records()).containsAll(numbers(1000));
    }

    @Test
    void sourceThatWaitsForInputIsStopped(LocalEnvironment env) throws InterruptedException {
        try (Gate never = Gate.closed("input")) {
            RecordingSink<Long> sink = new RecordingSink<>();
            env.<Long>fromSource(() -> {
                        never.pass();
                        return Next.end();
                    })
                    .sink(sink);
            JobHandle job = env.submit();
            never.awaitReached();
            job.stop();
            assertThat(Jobs.end(job).state()).isEqualTo(JobState.STOPPED);
            assertThat(sink.steps()).containsExactly("open", "prepare", "commit");
        }
    }

    @Test
    void nothingNowIsNotTheEnd(LocalEnvironment env) throws InterruptedException {
        AtomicLong calls = new AtomicLong();
        Results<Long> results = env.fromBatch(() -> {
                    long n = calls.getAndIncrement();
                    if (n > 50) {
                        return Next.<Long>end();
                    }
                    return n % 5 == 0 ? Next.of(n) : Next.nothingFor(Duration.ofMillis(1));
                })
                .collect();
        env.run();
        assertThat(results).hasSize(11);
    }

    @Test
    void runningAsyncCallsAreAnsweredBeforeTheTaskEnds(LocalEnvironment env) throws InterruptedException {
        Results<Long> ordered =
                env.fromRange(0, 50).mapAsync(16, StopSignalTest::slow).collect();
        Results<Long> unordered =
                env.fromRange(0, 50).mapAsyncUnordered(16, StopSignalTest::slow).collect();
        env.run();
        assertThat(ordered).containsExactlyElementsOf(numbers(50));
        assertThat(unordered).containsExactlyInAnyOrderElementsOf(numbers(50));
    }

    /** The last instance of a parallel operator gets the last numbers, and so ends long after the others. */
    private static Long slowNearTheEnd(Long n) {
        return n > RECORDS - 50 ? slow(n) : n;
    }

    private static Long slow(Long n) {
        LockSupport.parkNanos(100_000);
        return n;
    }

    private static void dieIf(boolean condition, Error error) {
        if (condition) {
            throw error;
        }
    }

    private static List<Long> numbers(long to) {
        return LongStream.range(0, to).boxed().toList();
    }
}
