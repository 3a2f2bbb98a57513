package dev.sage.runtime.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sage.api.CoProcessFunction;
import dev.sage.api.DataStream;
import dev.sage.api.DeadLetter;
import dev.sage.api.Emitter;
import dev.sage.api.Environment;
import dev.sage.api.ErrorCounts;
import dev.sage.api.ErrorPolicy;
import dev.sage.api.JobFailure;
import dev.sage.api.KeyContext;
import dev.sage.api.Rate;
import dev.sage.api.Results;
import dev.sage.api.Sink;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of a record for which a function throws, for every kind of operator. */
class ErrorPolicyTest {
    private static final Duration BACKOFF = Duration.ofMillis(2);

    /** Each passes on a number, and throws where told to; a push function, after it has emitted something. */
    enum Kind {
        MAP,
        FILTER,
        FLAT_MAP,
        LATE_FLAT_MAP,
        EMIT,
        ASYNC,
        KEYED_MAP,
        SCAN,
        PROCESS,
        CONNECTED,
        CO_PROCESS,
        GENERATOR,
        KEY,
        KEY_OF_ASYNC,
        KEY_OF_PROCESS,
        KEY_OF_SECOND;

        DataStream<Long> stream(Environment env, Check check) {
            return this == GENERATOR
                    ? env.generate(Rate.unlimited(), 10, check::apply)
                    : append(env.fromRange(0, 10), env, check);
        }

        private DataStream<Long> append(DataStream<Long> in, Environment env, Check check) {
            return switch (this) {
                case GENERATOR -> throw new IllegalArgumentException("a source");
                case KEY -> in.keyBy(check::apply).map(n -> n);
                case KEY_OF_ASYNC -> in.keyBy(check::apply).mapAsync(4, n -> n);
                case KEY_OF_PROCESS -> in.keyBy(n -> check.apply(n) % 2).process((n, context, out) -> out.emit(n));
                case KEY_OF_SECOND ->
                    env.fromRange(0, 0).connect(in).keyBy(n -> n, check::apply).process(new Both(n -> n));
                case MAP -> in.map(check::apply);
                case FILTER -> in.filter(n -> check.apply(n) >= 0);
                case FLAT_MAP -> in.flatMap((Long n) -> List.of(check.apply(n)));
                case LATE_FLAT_MAP ->
                    in.flatMap((Long n) -> () -> LongStream.range(n, n + 3)
                            .map(i -> i == n + 2 ? check.apply(n) : n)
                            .limit(3)
                            .skip(2)
                            .iterator());
                case EMIT ->
                    in.flatMap((Long n, Emitter<Long> out) -> {
                        out.emit(n);
                        check.apply(n);
                    });
                case ASYNC -> in.mapAsync(4, check::apply);
                case KEYED_MAP -> in.keyBy(n -> 0).map(check::apply);
                case SCAN -> in.keyBy(n -> n).scan((a, b) -> b).map(check::apply);
                case PROCESS ->
                    in.keyBy(n -> 0).process((n, context, out) -> {
                        out.emit(n);
                        check.apply(n);
                    });
                case CONNECTED -> in.connect(env.fromRange(0, 0)).map(check::apply, n -> n);
                case CO_PROCESS ->
                    in.connect(env.fromRange(0, 0)).keyBy(n -> n, n -> n).process(new Both(check));
            };
        }
    }

    interface Check extends Serializable {
        long apply(long n);
    }

    private record Both(Check check) implements CoProcessFunction<Long, Long, Long, Long> {
        @Override
        public void processFirst(Long value, KeyContext<Long> context, Emitter<Long> out) {
            out.emit(value);
            check.apply(value);
        }

        @Override
        public void processSecond(Long value, KeyContext<Long> context, Emitter<Long> out) {
            out.emit(value);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aSkippedRecordIsCountedAndLeavesNothing(Kind kind) throws InterruptedException {
        Outcome outcome = run(kind, Settings.tight(), ErrorPolicy.skip(), ErrorPolicyTest::oddsFail);
        assertThat(outcome.records).containsExactly(0L, 2L, 4L, 6L, 8L);
        assertThat(outcome.errors).isEqualTo(new ErrorCounts(5, 0, 0));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aDeadLetterTellsTheRecordTheOperatorAndTheError(Kind kind) throws InterruptedException {
        List<DeadLetter> letters = Collections.synchronizedList(new ArrayList<>());
        Outcome outcome =
                run(kind, Settings.usual(), ErrorPolicy.deadLetter(letters::add), n -> n == 7 ? oddsFail(n) : n);
        assertThat(outcome.records).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 8L, 9L);
        assertThat(outcome.errors).isEqualTo(new ErrorCounts(0, 0, 1));
        assertThat(letters)
                .containsExactly(new DeadLetter(7L, "guarded", 0, 7, "java.lang.IllegalArgumentException: 7 is odd"));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aRetryKeepsTheOrderAndEmitsNothingTwice(Kind kind) throws InterruptedException {
        ConcurrentHashMap<Long, AtomicInteger> attempts = new ConcurrentHashMap<>();
        Outcome outcome = run(kind, Settings.tight(), ErrorPolicy.retry(2, BACKOFF), n -> {
            int attempt =
                    attempts.computeIfAbsent(n, key -> new AtomicInteger()).incrementAndGet();
            return n % 3 == 0 && attempt < 3 ? oddsFail(1) : n;
        });
        assertThat(outcome.records).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
        assertThat(outcome.errors).isEqualTo(new ErrorCounts(0, 8, 0));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void theLastRetryIsFollowedByWhatWasDeclared(Kind kind) throws InterruptedException {
        Outcome outcome =
                run(kind, Settings.usual(), ErrorPolicy.retry(1, BACKOFF).orSkip(), n -> n == 5 ? oddsFail(n) : n);
        assertThat(outcome.records).containsExactly(0L, 1L, 2L, 3L, 4L, 6L, 7L, 8L, 9L);
        assertThat(outcome.errors).isEqualTo(new ErrorCounts(1, 1, 0));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void afterTheLastRetryTheJobFailsAtThatRecord(Kind kind) throws InterruptedException {
        JobFailure failure = PlainJob.fail(
                Settings.usual(),
                env -> kind.stream(env, n -> n == 5 ? oddsFail(n) : n)
                        .name("guarded")
                        .onError(ErrorPolicy.retry(2, BACKOFF))
                        .sink(n -> {}));
        assertThat(failure.describe())
                .contains("'guarded'")
                .contains("record 5")
                .contains("5 is odd");
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void anErrorFailsTheJobWhateverThePolicy(Kind kind) throws InterruptedException {
        JobFailure failure = PlainJob.fail(
                Settings.usual(),
                env -> kind.stream(env, n -> {
                            throw new StackOverflowError("too deep");
                        })
                        .name("guarded")
                        .onError(ErrorPolicy.skip())
                        .sink(n -> {}));
        assertThat(failure.describe()).contains("'guarded'").contains("StackOverflowError");
    }

    static List<DataPlaneSettings> oneThread() {
        return List.of(Settings.of(1, 1024, 4));
    }

    @ParameterizedTest
    @MethodSource("oneThread")
    void aRecordThatWaitsHoldsNoThread(DataPlaneSettings settings) throws InterruptedException {
        AtomicInteger others = new AtomicInteger();
        try (PlainJob job = PlainJob.of(settings, env -> {
            env.fromRange(0, 1)
                    .<Long>map(n -> oddsFail(1))
                    .onError(ErrorPolicy.retry(1, Duration.ofMinutes(30)))
                    .sink(n -> {});
            env.fromRange(0, 100).sink(n -> others.incrementAndGet());
        })) {
            job.start();
            await("the other stream").until(() -> others.get() == 100);
            job.cancel();
        }
    }

    @ParameterizedTest
    @MethodSource("oneThread")
    void whatIsBeforeAWaitingRecordHasLeft(DataPlaneSettings settings) throws InterruptedException {
        List<Long> seen = Collections.synchronizedList(new ArrayList<>());
        try (PlainJob job = PlainJob.of(
                settings,
                env -> env.fromRange(0, 10)
                        .map(n -> n == 3 ? oddsFail(n) : n)
                        .onError(ErrorPolicy.retry(1, Duration.ofMinutes(30)))
                        .rebalance()
                        .map(n -> n)
                        .sink(seen::add))) {
            job.start();
            await("the records before").until(() -> seen.equals(List.of(0L, 1L, 2L)));
            job.cancel();
        }
    }

    @ParameterizedTest
    @MethodSource("oneThread")
    void aSinkMayHaveAPolicyAndADeadLetterSinkHasALife(DataPlaneSettings settings) throws InterruptedException {
        List<String> life = Collections.synchronizedList(new ArrayList<>());
        Sink<DeadLetter> letters = new Sink<>() {
            private static final long serialVersionUID = 1;

            @Override
            public void open() {
                life.add("open");
            }

            @Override
            public void accept(DeadLetter letter) {
                life.add("accept " + letter.value());
            }

            @Override
            public void prepare() {
                life.add("prepare");
            }

            @Override
            public void commit() {
                life.add("commit");
            }
        };
        List<Long> records = new ArrayList<>();
        PlainJob.run(
                settings,
                env -> env.fromRange(0, 4)
                        .sink(n -> records.add(n == 1 ? oddsFail(n) : n))
                        .onError(ErrorPolicy.deadLetter(letters)));
        assertThat(records).containsExactly(0L, 2L, 3L);
        assertThat(life).containsExactly("open", "accept 1", "prepare", "commit");
    }

    @ParameterizedTest
    @MethodSource("oneThread")
    void resultsThatMustBeHeldHaveALimit(DataPlaneSettings settings) throws InterruptedException {
        JobFailure failure = PlainJob.fail(
                settings,
                env -> env.fromRange(0, 1)
                        .flatMap((Long n) -> LongStream.range(0, 1_001).boxed().toList())
                        .onError(ErrorPolicy.skip())
                        .sink(n -> {}));
        assertThat(failure.describe()).contains("'flat-map'").contains("sage.exchange.overdraw-records");
    }

    private static long oddsFail(long n) {
        if (n % 2 != 0) {
            throw new IllegalArgumentException(n + " is odd");
        }
        return n;
    }

    private record Outcome(List<Long> records, ErrorCounts errors) {}

    private static Outcome run(Kind kind, DataPlaneSettings settings, ErrorPolicy policy, Check check)
            throws InterruptedException {
        AtomicReference<Results<Long>> results = new AtomicReference<>();
        try (PlainJob job = PlainJob.of(
                settings,
                env -> results.set(
                        kind.stream(env, check).name("guarded").onError(policy).collect()))) {
            job.start();
            job.awaitEnd();
            return new Outcome(results.get().list(), job.errors());
        }
    }
}
