package dev.sage.runtime.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.api.Aggregators;
import dev.sage.api.CoProcessFunction;
import dev.sage.api.DataStream;
import dev.sage.api.Emitter;
import dev.sage.api.Environment;
import dev.sage.api.JobFailure;
import dev.sage.api.KeyContext;
import dev.sage.api.KeyValue;
import dev.sage.api.MapFunction;
import dev.sage.api.PerInstance;
import dev.sage.api.ProcessFunction;
import dev.sage.api.Results;
import dev.sage.api.StateName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What each operator emits, with buffers that are ample and with such that hold one record. */
class OperatorsTest {
    private static final StateName<Long> COUNT = StateName.of("count", Long.class);

    static List<DataPlaneSettings> settings() {
        return List.of(Settings.usual(), Settings.tight());
    }

    @ParameterizedTest
    @MethodSource("settings")
    void rebalanceGivesEachInstanceEquallyMany(DataPlaneSettings settings) throws InterruptedException {
        List<Long> shares = collect(
                settings,
                env -> env.fromRange(0, 12)
                        .parallelism(3)
                        .filter(n -> n < 4)
                        .parallelism(3)
                        .rebalance()
                        .map(PerInstance.of(Counting::new))
                        .parallelism(2));
        assertThat(shares).containsExactlyInAnyOrder(1L, 2L, 1L, 2L);
    }

    @ParameterizedTest
    @MethodSource("settings")
    void broadcastGivesEveryInstanceEveryRecordInOrder(DataPlaneSettings settings) throws InterruptedException {
        List<Long> records = collect(
                settings,
                env -> env.fromRange(0, 50)
                        .broadcast()
                        .map(n -> n)
                        .parallelism(3)
                        .map(n -> n)
                        .parallelism(3));
        assertThat(counts(records))
                .hasSize(50)
                .allSatisfy((n, count) -> assertThat(count).isEqualTo(3));
    }

    @ParameterizedTest
    @MethodSource("settings")
    void scanEmitsTheRunningValueOfTheKeyAfterEachRecord(DataPlaneSettings settings) throws InterruptedException {
        assertThat(collect(
                        settings, env -> env.fromRange(1, 7).keyBy(n -> n % 2).scan(Long::sum)))
                .containsExactly(1L, 2L, 4L, 6L, 9L, 12L);
        assertThat(collect(
                        settings,
                        env -> env.fromRange(1, 5).keyBy(n -> n % 2 == 0).scan(Aggregators.counting())))
                .containsExactly(
                        new KeyValue<>(false, 1L),
                        new KeyValue<>(true, 1L),
                        new KeyValue<>(false, 2L),
                        new KeyValue<>(true, 2L));
    }

    @ParameterizedTest
    @MethodSource("settings")
    void processKeepsValuesForEachKeyAndSeesEachKeyAtTheEndOnce(DataPlaneSettings settings)
            throws InterruptedException {
        ProcessFunction<Long, Long, String> function = new ProcessFunction<>() {
            @Override
            public void process(Long value, KeyContext<Long> context, Emitter<String> out) {
                long count = context.getOr(COUNT, 0L) + 1;
                context.put(COUNT, count);
                out.emit(context.key() + ":" + count);
                if (value == 9) {
                    context.remove(COUNT);
                }
            }

            @Override
            public void end(KeyContext<Long> context, Emitter<String> out) {
                out.emit(context.key() + " had " + context.get(COUNT));
                out.emit(context.key() + " ended");
            }
        };
        List<String> records =
                collect(settings, env -> env.fromRange(0, 10).keyBy(n -> n % 3).process(function));
        assertThat(records.subList(0, 10))
                .containsExactly("0:1", "1:1", "2:1", "0:2", "1:2", "2:2", "0:3", "1:3", "2:3", "0:4");
        assertThat(records.subList(10, records.size()))
                .containsExactlyInAnyOrder("1 had 3", "1 ended", "2 had 3", "2 ended");
    }

    @ParameterizedTest
    @MethodSource("settings")
    void theEndOfManyKeysIsEmittedByCursor(DataPlaneSettings settings) throws InterruptedException {
        ProcessFunction<Long, Long, Long> function = new ProcessFunction<>() {
            @Override
            public void process(Long value, KeyContext<Long> context, Emitter<Long> out) {
                context.put(COUNT, 1L);
            }

            @Override
            public void end(KeyContext<Long> context, Emitter<Long> out) {
                for (int i = 0; i < 10; i++) {
                    out.emit(context.key());
                }
            }
        };
        // More than one call may emit: the limit is for each key.
        List<Long> records = collect(
                settings,
                env -> env.fromRange(0, 2_000).keyBy(n -> n).process(function).parallelism(2));
        assertThat(counts(records))
                .hasSize(2_000)
                .allSatisfy((n, count) -> assertThat(count).isEqualTo(10));
    }

    @ParameterizedTest
    @MethodSource("settings")
    void aStateReadAsAnotherTypeIsRefusedByName(DataPlaneSettings settings) throws InterruptedException {
        JobFailure failure = PlainJob.fail(
                settings,
                env -> env.fromRange(0, 2)
                        .keyBy(n -> 0)
                        .<Long>process((value, context, out) -> {
                            context.put(StateName.of("seen", Long.class), value);
                            context.get(StateName.of("seen", String.class));
                        })
                        .print());
        assertThat(failure.describe()).contains("'process'").contains("'seen'").contains("java.lang.String");
    }

    @ParameterizedTest
    @MethodSource("settings")
    void connectedStreamsHaveAFunctionForEach(DataPlaneSettings settings) throws InterruptedException {
        List<String> records = collect(
                settings,
                env -> env.fromRange(0, 100)
                        .connect(env.fromCollection(List.of("a", "b")))
                        .filter(n -> n >= 98, s -> !s.equals("a"))
                        .map(n -> "n" + n, s -> "s" + s));
        assertThat(records).containsExactlyInAnyOrder("n98", "n99", "sb");
        assertThat(records).containsSubsequence("n98", "n99");
    }

    @ParameterizedTest
    @MethodSource("settings")
    void connectedFlatMapsResumeByCursor(DataPlaneSettings settings) throws InterruptedException {
        List<Long> records = collect(
                settings,
                env -> env.fromRange(0, 3)
                        .connect(env.fromRange(0, 2))
                        .flatMap(n -> LongStream.range(0, 5_000).boxed().toList(), n -> List.of(-1L))
                        .map(n -> n)
                        .parallelism(2));
        assertThat(counts(records)).hasSize(5_001).containsEntry(-1L, 2L).containsEntry(4_999L, 3L);
    }

    @ParameterizedTest
    @MethodSource("settings")
    void aBroadcastSideReachesEveryInstance(DataPlaneSettings settings) throws InterruptedException {
        List<String> records = collect(
                settings,
                env -> env.fromRange(0, 4)
                        .parallelism(2)
                        .connect(env.fromCollection(List.of("rule")).broadcast())
                        .map(n -> "data", rule -> rule)
                        .parallelism(2)
                        .map(r -> r)
                        .parallelism(2));
        assertThat(counts(records)).containsEntry("data", 4L).containsEntry("rule", 2L);
    }

    @ParameterizedTest
    @MethodSource("settings")
    void keyedConnectedStreamsShareTheValuesOfAKey(DataPlaneSettings settings) throws InterruptedException {
        CoProcessFunction<Long, Long, String, String> function = new CoProcessFunction<>() {
            @Override
            public void processFirst(Long value, KeyContext<Long> context, Emitter<String> out) {
                context.put(COUNT, context.getOr(COUNT, 0L) + 1);
            }

            @Override
            public void processSecond(String value, KeyContext<Long> context, Emitter<String> out) {
                context.put(COUNT, context.getOr(COUNT, 0L) + 100);
            }

            @Override
            public void end(KeyContext<Long> context, Emitter<String> out) {
                out.emit(context.key() + "=" + context.get(COUNT));
            }
        };
        List<String> records = collect(
                settings,
                env -> env.fromRange(0, 9)
                        .connect(env.fromCollection(List.of("x", "yy", "zz")))
                        .keyBy(n -> n % 3, s -> (long) s.length())
                        .process(function)
                        .parallelism(2));
        assertThat(records).containsExactlyInAnyOrder("0=3", "1=103", "2=203");
    }

    @ParameterizedTest
    @MethodSource("settings")
    void joinGivesEachPairOfEqualKeysOnce(DataPlaneSettings settings) throws InterruptedException {
        List<Long> pairs = collect(
                settings,
                env -> env.fromRange(0, 300)
                        .parallelism(2)
                        .keyBy(n -> n % 7)
                        .join(env.fromRange(0, 100).keyBy(n -> n % 7), (a, b) -> a * 1_000 + b)
                        .parallelism(3));
        List<Long> expected = new ArrayList<>();
        for (long a = 0; a < 300; a++) {
            for (long b = a % 7; b < 100; b += 7) {
                expected.add(a * 1_000 + b);
            }
        }
        Collections.sort(pairs);
        assertThat(pairs).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("settings")
    void joinBeyondItsLimitFailsByNameAndSetting(DataPlaneSettings settings) throws InterruptedException {
        JobFailure failure = PlainJob.fail(
                Settings.withJoinMax(settings, 10), env -> join(env.fromRange(0, 6), env.fromRange(0, 5)));
        assertThat(failure.describe())
                .contains("'match'")
                .contains("10 records")
                .contains("sage.join.max-records");
    }

    @ParameterizedTest
    @MethodSource("settings")
    void joinUpToItsLimitRuns(DataPlaneSettings settings) throws InterruptedException {
        PlainJob.run(Settings.withJoinMax(settings, 11), env -> join(env.fromRange(0, 6), env.fromRange(0, 5)));
    }

    private static void join(DataStream<Long> left, DataStream<Long> right) {
        left.keyBy(n -> 0).join(right.keyBy(n -> 0), Long::sum).name("match").sink(n -> {});
    }

    /** Each instance numbers its own records. */
    private static final class Counting implements MapFunction<Long, Long> {
        private static final long serialVersionUID = 1;

        private long count;

        @Override
        public Long apply(Long value) {
            return ++count;
        }
    }

    private static <T> java.util.Map<T, Long> counts(List<T> records) {
        return records.stream().collect(Collectors.groupingBy(n -> n, Collectors.counting()));
    }

    static <T> List<T> collect(DataPlaneSettings settings, Function<Environment, DataStream<T>> pipeline)
            throws InterruptedException {
        AtomicReference<Results<T>> results = new AtomicReference<>();
        PlainJob.run(settings, env -> results.set(pipeline.apply(env).collect()));
        return new ArrayList<>(results.get().list());
    }
}
