package dev.sage.acceptance.graph;

import dev.sage.api.CoMapFunction;
import dev.sage.api.CoProcessFunction;
import dev.sage.api.ConnectedStreams;
import dev.sage.api.DataStream;
import dev.sage.api.Emitter;
import dev.sage.api.KeyContext;
import dev.sage.api.StateName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The steps that read two streams and treat them differently. */
final class PairSteps {
    private PairSteps() {}

    private interface Pair extends Step {
        @Override
        default Order order(List<Flow> inputs, int parallelism) {
            return Order.NONE;
        }
    }

    enum Kind {
        MAP,
        CO_MAP,
        FLAT_MAP,
        FILTER
    }

    /** The first stream goes up, the second one down; of a filter, the evens and the odds. */
    record Connect(Kind kind, long keysApart, int copies) implements Pair {
        private List<Long> first(long value) {
            return switch (kind) {
                case MAP, CO_MAP -> List.of(value + keysApart);
                case FLAT_MAP -> Collections.nCopies(copies, value);
                case FILTER -> value % 2 == 0 ? List.of(value) : List.of();
            };
        }

        private List<Long> second(long value) {
            return switch (kind) {
                case MAP, CO_MAP -> List.of(value - keysApart);
                case FLAT_MAP -> List.of(value);
                case FILTER -> value % 2 != 0 ? List.of(value) : List.of();
            };
        }

        @Override
        public List<Long> evaluate(List<List<Long>> inputs) {
            List<Long> records = new ArrayList<>();
            inputs.get(0).forEach(value -> records.addAll(first(value)));
            inputs.get(1).forEach(value -> records.addAll(second(value)));
            return records;
        }

        @Override
        public DataStream<Long> build(Site site, List<DataStream<Long>> inputs, int parallelism) {
            ConnectedStreams<Long, Long> both = inputs.get(0).connect(inputs.get(1));
            DataStream<Long> stream = switch (kind) {
                case MAP -> both.map(value -> value + keysApart, value -> value - keysApart);
                case CO_MAP -> both.coMap(new UpAndDown(keysApart));
                case FLAT_MAP -> both.flatMap(this::first, this::second);
                case FILTER ->
                    both.filter(value -> value % 2 == 0, value -> value % 2 != 0)
                            .map(value -> value, value -> value);
            };
            return stream.parallelism(parallelism);
        }
    }

    private record UpAndDown(long by) implements CoMapFunction<Long, Long, Long> {
        @Override
        public Long mapFirst(Long value) {
            return value + by;
        }

        @Override
        public Long mapSecond(Long value) {
            return value - by;
        }
    }

    /** Each pair of equal remainders. */
    record Join(long modulus) implements Pair {
        @Override
        public boolean isKeyed() {
            return true;
        }

        private static long pair(long left, long right) {
            return Math.floorMod(left * 31 + right, RecordSteps.PRIME);
        }

        @Override
        public List<Long> evaluate(List<List<Long>> inputs) {
            List<Long> pairs = new ArrayList<>();
            for (long left : inputs.get(0)) {
                for (long right : inputs.get(1)) {
                    if (Math.floorMod(left, modulus) == Math.floorMod(right, modulus)) {
                        pairs.add(pair(left, right));
                    }
                }
            }
            return pairs;
        }

        @Override
        public DataStream<Long> build(Site site, List<DataStream<Long>> inputs, int parallelism) {
            return inputs.get(0)
                    .keyBy(value -> Math.floorMod(value, modulus))
                    .join(inputs.get(1).keyBy(value -> Math.floorMod(value, modulus)), Join::pair)
                    .parallelism(parallelism);
        }
    }

    /** Tells at the end, for each remainder, how many records each of the streams had. */
    record CountBoth(long modulus, long keysApart) implements Pair {
        private static final long SECOND = 10_000;

        @Override
        public boolean isKeyed() {
            return true;
        }

        @Override
        public List<Long> evaluate(List<List<Long>> inputs) {
            Map<Long, Long> counts = new TreeMap<>();
            inputs.get(0).forEach(value -> counts.merge(Math.floorMod(value, modulus), 1L, Long::sum));
            inputs.get(1).forEach(value -> counts.merge(Math.floorMod(value, modulus), SECOND, Long::sum));
            return counts.entrySet().stream()
                    .map(count -> count.getValue() * keysApart + count.getKey())
                    .toList();
        }

        @Override
        public DataStream<Long> build(Site site, List<DataStream<Long>> inputs, int parallelism) {
            return inputs.get(0)
                    .connect(inputs.get(1))
                    .keyBy(value -> Math.floorMod(value, modulus), value -> Math.floorMod(value, modulus))
                    .process(new Counting(keysApart))
                    .parallelism(parallelism);
        }

        private record Counting(long keysApart) implements CoProcessFunction<Long, Long, Long, Long> {
            private static final StateName<Long> COUNT = StateName.of("count", Long.class);

            @Override
            public void processFirst(Long value, KeyContext<Long> context, Emitter<Long> out) {
                context.put(COUNT, context.getOr(COUNT, 0L) + 1);
            }

            @Override
            public void processSecond(Long value, KeyContext<Long> context, Emitter<Long> out) {
                context.put(COUNT, context.getOr(COUNT, 0L) + SECOND);
            }

            @Override
            public void end(KeyContext<Long> context, Emitter<Long> out) {
                out.emit(context.getOr(COUNT, 0L) * keysApart + context.key());
            }
        }
    }
}
