package dev.sage.acceptance.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.api.CoProcessFunction;
import dev.sage.api.ConnectedStreams;
import dev.sage.api.DataStream;
import dev.sage.api.DeadLetter;
import dev.sage.api.Emitter;
import dev.sage.api.ErrorPolicy;
import dev.sage.api.KeyContext;
import dev.sage.api.MapFunction;
import dev.sage.api.ProcessFunction;
import dev.sage.api.StateName;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/** Operators of two inputs, and the end of a stream by key, whose functions throw now and then, with an error policy. */
final class RiskyKeyedSteps {
    private static final int RETRIES = 30;
    private static final Duration BACKOFF = Duration.ofNanos(20_000);

    private RiskyKeyedSteps() {}

    /** What throws, and what becomes of it. */
    enum Policy {
        SKIP,
        DEAD_LETTER,
        RETRY
    }

    /** Throws always at the same values, or at every so many calls, which a retry mends. */
    private record Risk(Policy policy, long modulus, AtomicLong calls, List<DeadLetter> letters)
            implements Serializable {
        static Risk of(Policy policy, long modulus) {
            return new Risk(policy, modulus, new AtomicLong(), Collections.synchronizedList(new ArrayList<>()));
        }

        static boolean drops(Policy policy, long modulus, long value) {
            return policy != Policy.RETRY && Math.floorMod(value, modulus) == 0;
        }

        long take(long value) {
            boolean fails =
                    policy == Policy.RETRY ? calls.incrementAndGet() % 20 == 0 : Math.floorMod(value, modulus) == 0;
            if (fails) {
                throw new IllegalArgumentException("bad " + value);
            }
            return value;
        }

        ErrorPolicy onError() {
            return switch (policy) {
                case SKIP -> ErrorPolicy.skip();
                case DEAD_LETTER -> ErrorPolicy.deadLetter(letters::add);
                case RETRY -> ErrorPolicy.retry(RETRIES, BACKOFF);
            };
        }
    }

    enum PairKind {
        CONNECTED_MAP,
        FIRST_KEY,
        SECOND_KEY,
        CO_PROCESS,
        JOIN
    }

    /** Passes both inputs on, but for the values that it throws at; the pairs of a join are all of one key. */
    record Pair(PairKind kind, Policy policy, long modulus) implements Step {
        private boolean stays(long value) {
            return !Risk.drops(policy, modulus, value);
        }

        @Override
        public boolean isKeyed() {
            return kind != PairKind.CONNECTED_MAP;
        }

        @Override
        public List<Long> evaluate(List<List<Long>> inputs) {
            List<Long> first = inputs.get(0);
            List<Long> second = inputs.get(1);
            List<Long> records = new ArrayList<>();
            if (kind == PairKind.JOIN) {
                // A record whose key cannot be told finds nobody.
                first.stream()
                        .filter(this::stays)
                        .forEach(value -> second.stream()
                                .filter(other -> Math.floorMod(value, 50L) == Math.floorMod(other, 50L))
                                .forEach(other -> records.add(value)));
                return records;
            }
            boolean firstOnly = kind == PairKind.FIRST_KEY;
            boolean secondOnly = kind == PairKind.SECOND_KEY;
            first.stream().filter(value -> secondOnly || stays(value)).forEach(records::add);
            second.stream().filter(value -> firstOnly || stays(value)).forEach(records::add);
            return records;
        }

        @Override
        public DataStream<Long> build(Site site, List<DataStream<Long>> inputs, int parallelism) {
            Risk risk = Risk.of(policy, modulus);
            site.checks()
                    .add(() -> assertThat(risk.letters)
                            .as("dead letters of " + this)
                            .noneMatch(letter -> stays((Long) letter.value())));
            return stream(inputs.get(0), inputs.get(1), risk)
                    .onError(risk.onError())
                    .parallelism(parallelism);
        }

        private DataStream<Long> stream(DataStream<Long> first, DataStream<Long> second, Risk risk) {
            MapFunction<Long, Long> pass = value -> value;
            ConnectedStreams<Long, Long> both = first.connect(second);
            return switch (kind) {
                case CONNECTED_MAP -> both.map(risk::take, risk::take);
                case FIRST_KEY -> both.keyBy(risk::take, value -> value).process(new Passing(pass));
                case SECOND_KEY -> both.keyBy(value -> value, risk::take).process(new Passing(pass));
                case CO_PROCESS -> both.keyBy(value -> 1L, value -> 1L).process(new Passing(risk::take));
                case JOIN ->
                    first.keyBy(value -> Math.floorMod(risk.take(value), 50L))
                            .join(second.keyBy(value -> Math.floorMod(value, 50L)), (value, other) -> value);
            };
        }

        @Override
        public Order order(List<Flow> inputs, int parallelism) {
            return Order.NONE;
        }
    }

    /** Emits before it throws, which must not be seen. */
    private record Passing(MapFunction<Long, Long> function) implements CoProcessFunction<Long, Long, Long, Long> {
        private static final StateName<Long> LAST = StateName.of("last", Long.class);

        @Override
        public void processFirst(Long value, KeyContext<Long> context, Emitter<Long> out) throws Exception {
            out.emit(value);
            context.put(LAST, value);
            function.apply(value);
        }

        @Override
        public void processSecond(Long value, KeyContext<Long> context, Emitter<Long> out) throws Exception {
            processFirst(value, context, out);
        }
    }

    /** Counts the records of each remainder, and throws at some of the remainders when it is to tell how many. */
    record Ends(long keys, long keysApart, Policy policy) implements Step {
        private static final long MODULUS = 3;

        @Override
        public boolean isKeyed() {
            return true;
        }

        @Override
        public List<Long> evaluate(List<List<Long>> inputs) {
            Map<Long, Long> counts = new TreeMap<>();
            inputs.get(0).forEach(value -> counts.merge(Math.floorMod(value, keys), 1L, Long::sum));
            counts.keySet().removeIf(key -> Risk.drops(policy, MODULUS, key));
            return counts.entrySet().stream()
                    .map(count -> count.getValue() * keysApart + count.getKey())
                    .toList();
        }

        @Override
        public DataStream<Long> build(Site site, List<DataStream<Long>> inputs, int parallelism) {
            Risk risk = Risk.of(policy, MODULUS);
            site.checks()
                    .add(() -> assertThat(risk.letters)
                            .as("dead letters of " + this)
                            .allMatch(letter -> letter.ordinal() == -1)
                            .extracting(DeadLetter::value)
                            .doesNotHaveDuplicates());
            return inputs.get(0)
                    .keyBy(value -> Math.floorMod(value, keys))
                    .process(new Counting(keysApart, risk))
                    .onError(risk.onError())
                    .parallelism(parallelism);
        }

        @Override
        public Order order(List<Flow> inputs, int parallelism) {
            return Order.NONE;
        }
    }

    private record Counting(long keysApart, Risk risk) implements ProcessFunction<Long, Long, Long> {
        private static final StateName<Long> COUNT = StateName.of("count", Long.class);

        @Override
        public void process(Long value, KeyContext<Long> context, Emitter<Long> out) {
            context.put(COUNT, context.getOr(COUNT, 0L) + 1);
        }

        @Override
        public void end(KeyContext<Long> context, Emitter<Long> out) {
            out.emit(context.getOr(COUNT, 0L) * keysApart + context.key());
            risk.take(context.key());
        }
    }
}
