package dev.sage.acceptance.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.api.DataStream;
import dev.sage.api.DeadLetter;
import dev.sage.api.Emitter;
import dev.sage.api.ErrorPolicy;
import dev.sage.api.MapFunction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Steps whose functions throw at some records, with an error policy. */
final class RiskySteps {
    private RiskySteps() {}

    enum Kind {
        MAP,
        FLAT_MAP,
        EMIT,
        ASYNC,
        KEYED,
        KEY,
        KEY_OF_SCAN,
        PROCESS;

        private static final long KEYS = 5;

        boolean isKeyed() {
            return compareTo(KEYED) >= 0;
        }

        /** A push function throws when it has pushed its result already. */
        DataStream<Long> append(DataStream<Long> in, MapFunction<Long, Long> function) {
            return switch (this) {
                case MAP -> in.map(function);
                case FLAT_MAP -> in.flatMap((Long value) -> List.of(function.apply(value)));
                case EMIT ->
                    in.flatMap((Long value, Emitter<Long> out) -> {
                        out.emit(value);
                        function.apply(value);
                    });
                case ASYNC -> in.mapAsync(3, function);
                case KEYED -> in.keyBy(Kind::key).map(function);
                case KEY -> in.keyBy(value -> key(function.apply(value))).map(value -> value);
                case KEY_OF_SCAN ->
                    in.keyBy(value -> key(function.apply(value))).scan((before, value) -> value);
                case PROCESS ->
                    in.keyBy(Kind::key).process((value, context, out) -> {
                        out.emit(value);
                        function.apply(value);
                    });
            };
        }

        private static long key(long value) {
            return Math.floorMod(value, KEYS);
        }
    }

    private interface Risky extends RecordSteps.EachRecord {
        Kind kind();

        @Override
        default boolean isKeyed() {
            return kind().isKeyed();
        }

        @Override
        default Order order(List<Flow> inputs, int parallelism) {
            return isKeyed()
                    ? inputs.get(0).order().afterKeyedEdge(Kind.KEYS, parallelism)
                    : RecordSteps.EachRecord.super.order(inputs, parallelism);
        }
    }

    /** Throws always at the same values. */
    record Dropping(Kind kind, long modulus, boolean deadLetters) implements Risky {
        private boolean fails(long value) {
            return Math.floorMod(value, modulus) == 0;
        }

        @Override
        public List<Long> apply(long value) {
            return fails(value) ? List.of() : List.of(value);
        }

        @Override
        public DataStream<Long> build(Site site, List<DataStream<Long>> inputs, int parallelism) {
            List<DeadLetter> letters = Collections.synchronizedList(new ArrayList<>());
            AtomicLong failures = new AtomicLong();
            if (deadLetters) {
                site.checks()
                        .add(() -> assertThat(letters)
                                .as("dead letters of " + this)
                                .hasSize(failures.intValue())
                                .allSatisfy(letter ->
                                        assertThat(fails((Long) letter.value())).isTrue()));
            }
            return kind.append(inputs.get(0), value -> {
                        if (fails(value)) {
                            failures.incrementAndGet();
                            throw new IllegalArgumentException("bad " + value);
                        }
                        return value;
                    })
                    .onError(deadLetters ? ErrorPolicy.deadLetter(letters::add) : ErrorPolicy.skip())
                    .parallelism(parallelism);
        }
    }

    /** Throws at every so many calls, which a retry mends. */
    record Retried(Kind kind, int every) implements Risky {
        private static final Duration BACKOFF = Duration.ofNanos(20_000);
        private static final int RETRIES = 30;

        @Override
        public List<Long> apply(long value) {
            return List.of(value);
        }

        @Override
        public DataStream<Long> build(Site site, List<DataStream<Long>> inputs, int parallelism) {
            AtomicLong calls = new AtomicLong();
            return kind.append(inputs.get(0), value -> {
                        if (calls.incrementAndGet() % every == 0) {
                            throw new IllegalStateException("at times");
                        }
                        return value;
                    })
                    .onError(ErrorPolicy.retry(RETRIES, BACKOFF))
                    .parallelism(parallelism);
        }
    }
}
