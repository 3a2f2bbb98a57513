package dev.sage.runtime.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sage.api.Aggregator;
import dev.sage.api.CoProcessFunction;
import dev.sage.api.DataStream;
import dev.sage.api.DeadLetter;
import dev.sage.api.Emitter;
import dev.sage.api.Environment;
import dev.sage.api.ErrorCounts;
import dev.sage.api.ErrorPolicy;
import dev.sage.api.JobFailure;
import dev.sage.api.KeyContext;
import dev.sage.api.KeyValue;
import dev.sage.api.ProcessFunction;
import dev.sage.api.Results;
import dev.sage.api.StateName;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of a key for which a function throws when the stream has ended. */
@Timeout(60)
class EndErrorPolicyTest {
    private static final Duration BACKOFF = Duration.ofMillis(2);
    private static final StateName<Long> SUM = StateName.of("sum", Long.class);

    /** Of 0 to 19, the sum for each remainder by 10; {@code check} is called with the remainder when the stream has ended. */
    enum Kind {
        AGGREGATE,
        PROCESS,
        CO_PROCESS;

        DataStream<Long> sums(Environment env, ErrorPolicy policy, Check check) {
            DataStream<Long> numbers = env.fromRange(0, 20);
            return switch (this) {
                case AGGREGATE ->
                    numbers.keyBy(n -> n % 10)
                            .aggregate(new Summing(check))
                            .name("guarded")
                            .onError(policy)
                            .map(KeyValue::value);
                case PROCESS ->
                    numbers.keyBy(n -> n % 10)
                            .process(new Processing(check))
                            .name("guarded")
                            .onError(policy);
                case CO_PROCESS ->
                    numbers.filter(n -> n < 10)
                            .connect(numbers.filter(n -> n >= 10))
                            .keyBy(n -> n % 10, n -> n % 10)
                            .process(new Both(new Processing(check)))
                            .name("guarded")
                            .onError(policy);
            };
        }
    }

    interface Check extends Serializable {
        void apply(long key);
    }

    private record Summing(Check check) implements Aggregator<Long, long[], Long> {
        @Override
        public long[] create() {
            return new long[1];
        }

        @Override
        public long[] add(long[] sum, Long value) {
            sum[0] += value;
            return sum;
        }

        @Override
        public Long result(long[] sum) {
            check.apply((sum[0] - 10) / 2);
            return sum[0];
        }
    }

    private record Processing(Check check) implements ProcessFunction<Long, Long, Long> {
        @Override
        public void process(Long value, KeyContext<Long> context, Emitter<Long> out) {
            context.put(SUM, context.getOr(SUM, 0L) + value);
        }

        @Override
        public void end(KeyContext<Long> context, Emitter<Long> out) {
            // What an attempt has emitted and kept before it throws must not be seen by the next one.
            long sum = context.getOr(SUM, 0L);
            out.emit(sum);
            context.put(SUM, -1L);
            check.apply(context.key());
        }
    }

    private record Both(Processing each) implements CoProcessFunction<Long, Long, Long, Long> {
        @Override
        public void processFirst(Long value, KeyContext<Long> context, Emitter<Long> out) {
            each.process(value, context, out);
        }

        @Override
        public void processSecond(Long value, KeyContext<Long> context, Emitter<Long> out) {
            each.process(value, context, out);
        }

        @Override
        public void end(KeyContext<Long> context, Emitter<Long> out) {
            each.end(context, out);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aSkippedKeyIsCountedAndLeavesNothing(Kind kind) throws InterruptedException {
        Outcome outcome = run(kind, ErrorPolicy.skip(), EndErrorPolicyTest::oddsFail);
        assertThat(outcome.sums).containsExactlyInAnyOrder(10L, 14L, 18L, 22L, 26L);
        assertThat(outcome.errors).isEqualTo(new ErrorCounts(5, 0, 0));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aDeadLetterTellsTheKeyTheOperatorAndTheError(Kind kind) throws InterruptedException {
        List<DeadLetter> letters = Collections.synchronizedList(new ArrayList<>());
        Outcome outcome = run(kind, ErrorPolicy.deadLetter(letters::add), key -> {
            if (key == 7) {
                oddsFail(key);
            }
        });
        assertThat(outcome.sums).hasSize(9).doesNotContain(24L);
        assertThat(outcome.errors).isEqualTo(new ErrorCounts(0, 0, 1));
        assertThat(letters)
                .containsExactly(new DeadLetter(7L, "guarded", 0, -1, "java.lang.IllegalArgumentException: 7 is odd"));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aRetryBeginsWithWhatWasKeptAndEmitsNothingTwice(Kind kind) throws InterruptedException {
        Map<Long, AtomicInteger> attempts = new ConcurrentHashMap<>();
        Outcome outcome = run(kind, ErrorPolicy.retry(2, BACKOFF), key -> {
            int attempt =
                    attempts.computeIfAbsent(key, k -> new AtomicInteger()).incrementAndGet();
            if (attempt < 3) {
                oddsFail(key);
            }
        });
        assertThat(outcome.sums).containsExactlyInAnyOrder(10L, 12L, 14L, 16L, 18L, 20L, 22L, 24L, 26L, 28L);
        assertThat(outcome.errors).isEqualTo(new ErrorCounts(0, 10, 0));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void afterTheLastRetryTheJobFailsAtTheEnd(Kind kind) throws InterruptedException {
        JobFailure failure = PlainJob.fail(
                Settings.tight(),
                env -> kind.sums(env, ErrorPolicy.retry(1, BACKOFF), EndErrorPolicyTest::oddsFail)
                        .sink(n -> {}));
        assertThat(failure.describe()).contains("'guarded'").contains("is odd").doesNotContain("record");
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void anErrorFailsTheJobWhateverThePolicy(Kind kind) throws InterruptedException {
        JobFailure failure = PlainJob.fail(
                Settings.tight(),
                env -> kind.sums(env, ErrorPolicy.skip(), key -> {
                            throw new StackOverflowError("too deep");
                        })
                        .sink(n -> {}));
        assertThat(failure.describe()).contains("'guarded'").contains("StackOverflowError");
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aKeyThatWaitsHoldsNoThreadAndACancelEndsIt(Kind kind) throws InterruptedException {
        AtomicInteger others = new AtomicInteger();
        AtomicInteger attempts = new AtomicInteger();
        try (PlainJob job = PlainJob.of(Settings.of(1, 1, 1), env -> {
            kind.sums(env, ErrorPolicy.retry(1, Duration.ofMinutes(30)), key -> {
                        attempts.incrementAndGet();
                        oddsFail(1);
                    })
                    .sink(n -> {});
            env.fromRange(0, 100).sink(n -> others.incrementAndGet());
        })) {
            job.start();
            await("the attempt, and the other stream").until(() -> others.get() == 100 && attempts.get() == 1);
            job.cancel();
            assertThat(attempts).hasValue(1);
        }
    }

    private static void oddsFail(long key) {
        if (key % 2 != 0) {
            throw new IllegalArgumentException(key + " is odd");
        }
    }

    private record Outcome(List<Long> sums, ErrorCounts errors) {}

    private static Outcome run(Kind kind, ErrorPolicy policy, Check check) throws InterruptedException {
        AtomicReference<Results<Long>> results = new AtomicReference<>();
        try (PlainJob job = PlainJob.of(
                Settings.tight(),
                env -> results.set(kind.sums(env, policy, check).collect()))) {
            job.start();
            job.awaitEnd();
            return new Outcome(results.get().list(), job.errors());
        }
    }
}
