package dev.sage.acceptance.graph;

import dev.sage.api.Aggregator;
import dev.sage.api.Aggregators;
import dev.sage.api.DataStream;
import dev.sage.api.Emitter;
import dev.sage.api.KeyContext;
import dev.sage.api.KeyValue;
import dev.sage.api.KeyedStream;
import dev.sage.api.ProcessFunction;
import dev.sage.api.StateName;
import java.util.ArrayList;
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

    /** As {@link Aggregate}, a record for each; or how many records the key had so far, which does not tell the order. */
    record Scan(long modulus, long keysApart, boolean byOrder) implements Keyed {
        private Aggregate fold() {
            return new Aggregate(modulus, keysApart, byOrder);
        }

        private long add(long sum, long value) {
            return byOrder ? fold().add(sum, value) : sum + 1;
        }

        @Override
        public List<Long> evaluate(List<List<Long>> inputs) {
            Map<Long, Long> sums = new LinkedHashMap<>();
            return inputs.get(0).stream()
                    .map(value -> fold().result(
                                    keyOf(value),
                                    sums.merge(keyOf(value), add(0, value), (sum, one) -> add(sum, value))))
                    .toList();
        }

        @Override
        public DataStream<Long> build(Site site, List<DataStream<Long>> inputs, int parallelism) {
            KeyedStream<Long, Long> keyed = keyed(inputs);
            DataStream<KeyValue<Long, Long>> sums =
                    byOrder ? keyed.scan(new Fold(fold())) : keyed.scan(Aggregators.counting());
            return sums.parallelism(parallelism)
                    .map(sum -> fold().result(sum.key(), sum.value()))
                    .parallelism(parallelism);
        }

        @Override
        public Order order(List<Flow> inputs, int parallelism) {
            // The counts of a key rise, whatever the order of its records.
            return inputs.get(0).order().isExact() && parallelism == 1 ? Order.EXACT : Order.byKey(modulus);
        }
    }

    /** Numbers the records of each key, and tells at the end how many there were. */
    record Numbered(long modulus, long keysApart) implements Keyed {
        @Override
        public List<Long> evaluate(List<List<Long>> inputs) {
            Map<Long, Long> counts = new LinkedHashMap<>();
            List<Long> records = new ArrayList<>();
            inputs.get(0)
                    .forEach(
                            value -> records.add(counts.merge(keyOf(value), 1L, Long::sum) * keysApart + keyOf(value)));
            counts.forEach((key, count) -> records.add(-count * keysApart + key));
            return records;
        }

        @Override
        public DataStream<Long> build(Site site, List<DataStream<Long>> inputs, int parallelism) {
            return keyed(inputs).process(new Numbering(keysApart)).parallelism(parallelism);
        }

        @Override
        public Order order(List<Flow> inputs, int parallelism) {
            return Order.byKey(modulus);
        }
    }

    private record Numbering(long keysApart) implements ProcessFunction<Long, Long, Long> {
        private static final StateName<Long> COUNT = StateName.of("count", Long.class);

        @Override
        public void process(Long value, KeyContext<Long> context, Emitter<Long> out) {
            long count = context.getOr(COUNT, 0L) + 1;
            context.put(COUNT, count);
            out.emit(count * keysApart + context.key());
        }

        @Override
        public void end(KeyContext<Long> context, Emitter<Long> out) {
            out.emit(-context.getOr(COUNT, 0L) * keysApart + context.key());
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
