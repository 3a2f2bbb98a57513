package dev.sage.runtime.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.api.DataStream;
import dev.sage.api.Environment;
import dev.sage.api.JobFailure;
import dev.sage.api.KeyValue;
import dev.sage.api.Next;
import dev.sage.api.Results;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole graphs against what they must give, for each parallelism and with buffers from usual down to one record. */
@Timeout(120)
class DataPlaneTest {

    static Stream<Arguments> shapes() {
        return Stream.of(1, 2, 3, 4)
                .flatMap(parallelism -> Stream.of(
                        Arguments.of(parallelism, Settings.usual()),
                        Arguments.of(parallelism, Settings.tight()),
                        Arguments.of(parallelism, Settings.of(1, 3, 2))));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void aChainGivesEveryRecordInOrder(int parallelism, DataPlaneSettings settings) throws InterruptedException {
        List<Long> results = collected(
                settings,
                env -> env.fromRange(-7, 10_000)
                        .parallelism(parallelism)
                        .map(n -> n * 3)
                        .parallelism(parallelism)
                        .filter(n -> n % 2 == 0)
                        .parallelism(parallelism)
                        .collect());

        List<Long> expected = LongStream.range(-7, 10_000)
                .map(n -> n * 3)
                .filter(n -> n % 2 == 0)
                .boxed()
                .toList();
        if (parallelism == 1) {
            assertThat(results).isEqualTo(expected);
        } else {
            assertThat(results).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void everyKeyIsCountedOnce(int parallelism, DataPlaneSettings settings) throws InterruptedException {
        List<KeyValue<Long, Long>> results = collected(
                settings,
                env -> env.fromRange(0, 5_000)
                        .parallelism(parallelism)
                        .keyBy(n -> n % 97)
                        .count()
                        .parallelism(parallelism)
                        .collect());

        assertThat(asMap(results))
                .isEqualTo(LongStream.range(0, 5_000)
                        .boxed()
                        .collect(Collectors.groupingBy(n -> n % 97, Collectors.counting())));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void reduceSeesTheRecordsOfAKeyInOrder(int parallelism, DataPlaneSettings settings) throws InterruptedException {
        List<String> results = collected(
                settings,
                env -> env.fromRange(0, 500)
                        .map(n -> n % 7 + ":" + n)
                        .keyBy(text -> text.charAt(0))
                        .reduce((left, right) -> left + "," + right.substring(2))
                        .parallelism(parallelism)
                        .collect());

        List<String> expected = LongStream.range(0, 7)
                .mapToObj(key -> key + ":"
                        + LongStream.range(0, 500)
                                .filter(n -> n % 7 == key)
                                .mapToObj(Long::toString)
                                .collect(Collectors.joining(",")))
                .toList();
        assertThat(results).containsExactlyInAnyOrderElementsOf(expected);
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void longFlatMapsAreResumedWhereTheyStopped(int parallelism, DataPlaneSettings settings)
            throws InterruptedException {
        List<Long> results = collected(
                settings,
                env -> env.fromRange(0, 20)
                        .parallelism(parallelism)
                        .flatMap(n -> () ->
                                LongStream.range(0, 60).map(m -> n * 60 + m).iterator())
                        .parallelism(parallelism)
                        .flatMap(n -> List.of(n, -n))
                        .parallelism(parallelism)
                        .map(n -> n)
                        .collect());

        assertThat(results)
                .containsExactlyInAnyOrderElementsOf(LongStream.range(0, 1_200)
                        .boxed()
                        .flatMap(n -> Stream.of(n, -n))
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void pushedRecordsMayOverdraw(int parallelism, DataPlaneSettings settings) throws InterruptedException {
        List<Long> results = collected(
                settings,
                env -> env.fromRange(0, 50)
                        .<Long>flatMap((n, out) -> LongStream.range(0, 30).forEach(m -> out.emit(n * 30 + m)))
                        .flatMap(n -> List.of(n, -n))
                        .map(n -> n)
                        .parallelism(parallelism)
                        .collect());

        assertThat(results)
                .containsExactlyInAnyOrderElementsOf(LongStream.range(0, 1_500)
                        .boxed()
                        .flatMap(n -> Stream.of(n, -n))
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void forksAndUnionsLoseNothing(int parallelism, DataPlaneSettings settings) throws InterruptedException {
        AtomicReference<Results<Long>> first = new AtomicReference<>();
        List<Long> results = collected(settings, env -> {
            DataStream<Long> numbers = env.fromRange(0, 1_000).parallelism(parallelism);
            DataStream<Long> doubled = numbers.flatMap(n -> List.of(n, n)).parallelism(parallelism);
            DataStream<Long> negative = numbers.map(n -> -n).parallelism(2);
            first.set(numbers.filter(n -> n < 10).parallelism(parallelism).collect());
            return doubled.union(negative).union(doubled).parallelism(3).collect();
        });

        assertThat(results)
                .containsExactlyInAnyOrderElementsOf(LongStream.range(0, 1_000)
                        .boxed()
                        .flatMap(n -> Stream.of(n, n, n, n, -n))
                        .toList());
        assertThat(first.get().list()).containsExactlyInAnyOrder(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void asyncCallsKeepOrderAndTheirLimit(int parallelism, DataPlaneSettings settings) throws InterruptedException {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Long> results = collected(
                settings,
                env -> env.fromRange(0, 300)
                        .mapAsync(parallelism, n -> {
                            most.accumulateAndGet(running.incrementAndGet(), Math::max);
                            running.decrementAndGet();
                            return n * 2;
                        })
                        .collect());

        assertThat(results)
                .isEqualTo(LongStream.range(0, 300).map(n -> n * 2).boxed().toList());
        assertThat(most.get()).isBetween(1, parallelism);
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void unorderedAsyncCallsGiveEveryResult(int parallelism, DataPlaneSettings settings) throws InterruptedException {
        List<Long> results = collected(
                settings,
                env -> env.fromRange(0, 300)
                        .mapAsyncUnordered(4, n -> n * 2)
                        .parallelism(parallelism)
                        .flatMap(n -> List.of(n, n + 1))
                        .parallelism(parallelism)
                        .collect());

        assertThat(results)
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.range(0, 600).boxed().toList());
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void aBatchFunctionEndsWhereItSaysSo(int parallelism, DataPlaneSettings settings) throws InterruptedException {
        Iterator<Long> numbers = LongStream.range(0, 200).iterator();
        AtomicInteger asked = new AtomicInteger();
        List<Long> results = collected(
                settings,
                env -> env.fromBatch(() -> {
                            if (asked.incrementAndGet() % 50 == 0) {
                                return Next.nothingFor(java.time.Duration.ofMillis(1));
                            }
                            return numbers.hasNext() ? Next.of(numbers.next()) : Next.end();
                        })
                        .map(n -> n)
                        .parallelism(parallelism)
                        .collect());

        assertThat(results)
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.range(0, 200).boxed().toList());
    }

    @Test
    void collectionsAreSplitInContiguousParts() throws InterruptedException {
        List<String> letters = List.of("a", "b", "c", "d", "e");
        List<String> results = collected(
                Settings.usual(),
                env -> env.fromCollection(letters).parallelism(3).collect());

        assertThat(results).containsExactlyInAnyOrderElementsOf(letters);
    }

    @Test
    void emptySourcesEndAtOnce() throws InterruptedException {
        assertThat(collected(
                        Settings.usual(),
                        env -> env.fromRange(5, 5).parallelism(4).collect()))
                .isEmpty();
    }

    @Test
    void falsyKeysAreKeys() throws InterruptedException {
        List<KeyValue<Object, Long>> results = collected(
                Settings.usual(),
                env -> env.fromCollection(List.<Object>of(0, "", false, 0L, 0.0, -0.0))
                        .keyBy(key -> key)
                        .count()
                        .parallelism(3)
                        .collect());

        assertThat(results).hasSize(6).allMatch(result -> result.value() == 1);
    }

    @Test
    void keysWithoutAStableHashFailByName() throws InterruptedException {
        JobFailure failure = PlainJob.fail(
                Settings.usual(),
                env -> env.fromRange(0, 10)
                        .keyBy(n -> (Object) new long[] {n})
                        .count()
                        .name("counts")
                        .collect());

        assertThat(failure.name()).isEqualTo("counts");
        assertThat(failure.step()).isEqualTo("key");
        assertThat(failure.message()).contains("long[]").contains("a record made of these");
    }

    @Test
    void aNullKeyFailsByName() throws InterruptedException {
        JobFailure failure = PlainJob.fail(
                Settings.usual(),
                env -> env.fromRange(0, 10).keyBy(n -> n < 3 ? n : null).count().collect());

        assertThat(failure.ordinal()).hasValue(3);
        assertThat(failure.message()).contains("null");
    }

    @Test
    void theOperatorThatThrewIsNamedWithItsOwnOrdinal() throws InterruptedException {
        IllegalStateException thrown = new IllegalStateException("boom");
        JobFailure failure = PlainJob.fail(
                Settings.usual(),
                env -> env.fromRange(0, 100)
                        .map(n -> n)
                        .filter(n -> n % 2 == 0)
                        .map(n -> {
                            if (n == 20) {
                                throw thrown;
                            }
                            return n;
                        })
                        .name("culprit")
                        .collect());

        assertThat(failure.origin()).isEqualTo(JobFailure.Origin.OPERATOR);
        assertThat(failure.name()).isEqualTo("culprit");
        assertThat(failure.ordinal()).hasValue(10);
        assertThat(failure.step()).isEqualTo("apply");
        assertThat(failure.cause()).containsSame(thrown);
        assertThat(failure.message()).isEqualTo(thrown.toString());
    }

    @Test
    void errorsAndNullResultsAreFailures() throws InterruptedException {
        JobFailure overflow = PlainJob.fail(
                Settings.usual(),
                env -> env.fromRange(0, 1).map(DataPlaneTest::endless).collect());
        assertThat(overflow.cause()).get().isInstanceOf(StackOverflowError.class);

        JobFailure nothing = PlainJob.fail(
                Settings.usual(),
                env -> env.fromRange(0, 1).map(n -> (Long) null).collect());
        assertThat(nothing.message()).contains("filter or flatMap");
    }

    @Test
    void anAsyncFailureCarriesTheOrdinalOfItsRecord() throws InterruptedException {
        JobFailure failure = PlainJob.fail(
                Settings.usual(),
                env -> env.fromRange(0, 100)
                        .mapAsync(8, n -> {
                            if (n == 42) {
                                throw new java.io.IOException("no");
                            }
                            return n;
                        })
                        .name("calls")
                        .collect());

        assertThat(failure.name()).isEqualTo("calls");
        assertThat(failure.ordinal()).hasValue(42);
    }

    @Test
    void aSwallowedEmitFailureStillNamesItsOperator() throws InterruptedException {
        JobFailure failure = PlainJob.fail(
                Settings.usual(),
                env -> env.fromRange(0, 10)
                        .<Long>flatMap((n, out) -> {
                            try {
                                out.emit(n);
                            } catch (RuntimeException swallowed) {
                                Objects.requireNonNull(swallowed);
                            }
                        })
                        .map(n -> 1 / (n - 5))
                        .name("divides")
                        .collect());

        assertThat(failure.name()).isEqualTo("divides");
        assertThat(failure.ordinal()).hasValue(5);
    }

    @Test
    void whoEmitsTooMuchFailsByNameAndSetting() throws InterruptedException {
        JobFailure failure = PlainJob.fail(
                Settings.tight(),
                env -> env.fromRange(0, 1)
                        .<Long>flatMap((n, out) -> LongStream.range(0, 10_000).forEach(out::emit))
                        .name("flood")
                        .map(n -> n)
                        .parallelism(2)
                        .collect());

        assertThat(failure.name()).isEqualTo("flood");
        assertThat(failure.message()).contains("1000 records").contains("sage.exchange.overdraw-records");
    }

    @Test
    void collectHasALimitThatIsNamed() throws InterruptedException {
        DataPlaneSettings settings = Settings.withCollectMax(Settings.usual(), 10);
        JobFailure failure = PlainJob.fail(settings, env -> env.fromRange(0, 11).collect());

        assertThat(failure.message()).contains("at most 10 records").contains("sage.collect.max-records");
        assertThat(collected(
                        settings, env -> env.fromRange(0, 10).parallelism(2).collect()))
                .hasSize(10);
    }

    @Test
    void countsAreThoseOfTheRecords() throws InterruptedException {
        try (PlainJob job = PlainJob.of(
                Settings.usual(),
                env -> env.fromRange(0, 5_000)
                        .filter(n -> n % 5 == 0)
                        .map(n -> n)
                        .parallelism(2)
                        .collect())) {
            job.start();
            job.awaitEnd();

            assertThat(job.task("range/0").report().recordsIn()).isEqualTo(5_000);
            assertThat(job.task("range/0").report().recordsOut()).isEqualTo(1_000);
            assertThat(job.task("map/0").report().recordsIn()
                            + job.task("map/1").report().recordsIn())
                    .isEqualTo(1_000);
            assertThat(job.task("collect/0").report().operators()).containsExactly("collect");
        }
    }

    private static Long endless(Long n) {
        return n < 0 ? n : endless(n + 1) + 1;
    }

    private static <K, V> Map<K, V> asMap(List<KeyValue<K, V>> results) {
        return results.stream().collect(Collectors.toMap(KeyValue::key, KeyValue::value));
    }

    private static <T> List<T> collected(DataPlaneSettings settings, Function<Environment, Results<T>> pipeline)
            throws InterruptedException {
        List<Results<T>> results = Collections.synchronizedList(new ArrayList<>());
        PlainJob.run(settings, env -> results.add(pipeline.apply(env)));
        return results.get(0).list();
    }
}
