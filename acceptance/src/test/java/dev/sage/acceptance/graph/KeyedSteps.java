package dev.sage.acceptance.graph;

import dev.sage.api.Aggregator;
import dev.sage.api.DataStream;
import dev.sage.api.Emitter;
import dev.sage.api.KeyedStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongBinaryOperator;

/** The steps after a {@code keyBy}; the key is a remainder. */
final class KeyedSteps {
    private KeyedSteps() {}

    private interface Keyed extends Step {
        long modulus();

        @Override
        default boolean isKeyed() {
            return true;
        }

        default long keyOf(long value) {
            return Math.floorMod(value, modulus());
        }

        default KeyedStream<Long, Long> keyed(List<DataStream<Long>> inputs) {
            return inputs.get(0).keyBy(this::keyOf);
        }

        @Override
        default Order order(List<Flow> inputs, int parallelism) {
            return inputs.get(0).order().afterKeyedEdge(modulus(), parallelism);
        }
    }

    /** A step for each record, applied by key: what it does to a record is what it does without keys. */
    record Each(long modulus, RecordSteps.EachRecord step) implements Keyed {
        @Override
        public List<Long> evaluate(List<List<Long>> inputs) {
            return step.evaluate(inputs);
        }

        @Override
        public DataStream<Long> build(Site site, List<DataStream<Long>> inputs, int parallelism) {
            KeyedStream<Long, Long> keyed = keyed(inputs);
            if (step instanceof RecordSteps.Filter filter) {
                return keyed.filter(value -> !filter.apply(value).isEmpty()).parallelism(parallelism);
            }
            if (step instanceof RecordSteps.Emit emit) {
                return keyed.<Long>flatMap((Long value, Emitter<Long> out) ->
                                emit.apply(value).forEach(out::emit))
                        .parallelism(parallelism);
            }
            if (step instanceof RecordSteps.FlatMap flatMap) {
                return keyed.<Long>flatMap((Long value) -> flatMap.apply(value)).parallelism(parallelism);
            }
            return keyed.map(value -> step.apply(value).get(0)).parallelism(parallelism);
        }
    }

    /** The functions commute, so that the result does not depend on the order in which records meet. */
    enum Commuting implements LongBinaryOperator {
        SUM,
        MAX,
        XOR;

        @Override
        public long applyAsLong(long left, long right) {
            return switch (this) {
                case SUM -> left + right;
                case MAX -> Math.max(left, right);
                case XOR -> left ^ right;
            };
        }
    }

    record Reduce(long modulus, Commuting function, Pace pace) implements Keyed {
        @Override
        public List<Long> evaluate(List<List<Long>> inputs) {
            Map<Long, Long> results = new LinkedHashMap<>();
            inputs.get(0).forEach(value -> results.merge(keyOf(value), value, function::applyAsLong));
            return List.copyOf(results.values());
        }

        @Override
        public DataStream<Long> build(Site site, List<DataStream<Long>> inputs, int parallelism) {
            return keyed(inputs)
                    .reduce((left, right) -> function.applyAsLong(left, pace.keep(right)))
                    .parallelism(parallelism);
        }

        @Override
        public Order order(List<Flow> inputs, int parallelism) {
            return Order.NONE;
        }
    }

    /**
     * Folds the records of a key and makes of key and result one number of the same key.
     *
     * @param byOrder the fold is one that tells in which order the records came
     */
    record Aggregate(long modulus, long keysApart, boolean byOrder) implements Keyed {
        private long add(long sum, long value) {
            return Math.floorMod((byOrder ? sum * 31 : sum) + value, RecordSteps.PRIME);
        }

        private long result(long key, long sum) {
            return sum * keysApart + key;
        }

        @Override
        public List<Long> evaluate(List<List<Long>> inputs) {
            Map<Long, Long> sums = new LinkedHashMap<>();
            inputs.get(0).forEach(value -> sums.put(keyOf(value), add(sums.getOrDefault(keyOf(value), 0L), value)));
            return sums.entrySet().stream()
                    .map(sum -> result(sum.getKey(), sum.getValue()))
                    .toList();
        }

        @Override
        public DataStream<Long> build(Site site, List<DataStream<Long>> inputs, int parallelism) {
            return keyed(inputs)
                    .aggregate(new Fold(this))
                    .parallelism(parallelism)
                    .map(sum -> result(sum.key(), sum.value()))
                    .parallelism(parallelism);
        }

        @Override
        public Order order(List<Flow> inputs, int parallelism) {
            // One record per key, so there is an order by key in any case.
            return inputs.get(0).order().isExact() && parallelism == 1 ? Order.EXACT : Order.byKey(modulus);
        }
    }

    private record Fold(Aggregate aggregate) implements Aggregator<Long, long[], Long> {
        @Override
        public long[] create() {
            return new long[1];
        }

        @Override
        public long[] add(long[] sum, Long value) {
            sum[0] = aggregate.add(sum[0], value);
            return sum;
        }

        @Override
        public Long result(long[] sum) {
            return sum[0];
        }
    }
}
