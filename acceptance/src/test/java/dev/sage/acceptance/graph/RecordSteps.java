package dev.sage.acceptance.graph;

import dev.sage.api.DataStream;
import dev.sage.api.Emitter;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;

/** The steps that take one record after the other, with no regard to keys. */
final class RecordSteps {
    /** Keeps values small: a remainder, and so a key, does not survive an overflow. */
    static final long PRIME = 1_000_003;

    private RecordSteps() {}

    /** A step with one input that turns each record into any number of others. */
    interface EachRecord extends Step {
        List<Long> apply(long value);

        @Override
        default List<Long> evaluate(List<List<Long>> inputs) {
            return inputs.get(0).stream()
                    .flatMap(value -> apply(value).stream())
                    .toList();
        }

        @Override
        default Order order(List<Flow> inputs, int parallelism) {
            return inputs.get(0).order().afterDirectEdge(inputs.get(0).parallelism(), parallelism);
        }
    }

    record Map(long keysApart, Pace pace) implements EachRecord {
        @Override
        public List<Long> apply(long value) {
            return List.of(value + keysApart);
        }

        @Override
        public DataStream<Long> build(Site site, List<DataStream<Long>> inputs, int parallelism) {
            return inputs.get(0).map(value -> pace.keep(value) + keysApart).parallelism(parallelism);
        }
    }

    /** Asks the job's service. */
    record Call(long keysApart) implements EachRecord {
        @Override
        public List<Long> apply(long value) {
            return List.of(value + keysApart);
        }

        @Override
        public DataStream<Long> build(Site site, List<DataStream<Long>> inputs, int parallelism) {
            return inputs.get(0)
                    .map(value -> site.adder().add(value, keysApart))
                    .parallelism(parallelism);
        }
    }

    /** Changes the values so that nothing is left of the keys that they had. */
    record Scramble(long factor) implements EachRecord {
        private long scrambled(long value) {
            return Math.floorMod(value * factor + 1, PRIME);
        }

        @Override
        public List<Long> apply(long value) {
            return List.of(scrambled(value));
        }

        @Override
        public DataStream<Long> build(Site site, List<DataStream<Long>> inputs, int parallelism) {
            return inputs.get(0).map(this::scrambled).parallelism(parallelism);
        }

        @Override
        public Order order(List<Flow> inputs, int parallelism) {
            Order order = EachRecord.super.order(inputs, parallelism);
            return order.isExact() ? order : Order.NONE;
        }
    }

    record Filter(long modulus, Pace pace) implements EachRecord {
        private boolean stays(long value) {
            return Math.floorMod(value, modulus) != 0;
        }

        @Override
        public List<Long> apply(long value) {
            return stays(value) ? List.of(value) : List.of();
        }

        @Override
        public DataStream<Long> build(Site site, List<DataStream<Long>> inputs, int parallelism) {
            return inputs.get(0).filter(value -> stays(pace.keep(value))).parallelism(parallelism);
        }
    }

    /** Up to {@code most} copies of each value, by an iterable that is made on the fly. */
    record FlatMap(int most, Pace pace) implements EachRecord {
        @Override
        public List<Long> apply(long value) {
            return Collections.nCopies((int) Math.floorMod(value, most + 1L), value);
        }

        @Override
        public DataStream<Long> build(Site site, List<DataStream<Long>> inputs, int parallelism) {
            return inputs.get(0)
                    .flatMap((Long value) -> () -> LongStream.range(0, Math.floorMod(value, most + 1L))
                            .map(i -> pace.keep(value))
                            .boxed()
                            .iterator())
                    .parallelism(parallelism);
        }
    }

    record Emit(int most, Pace pace) implements EachRecord {
        @Override
        public List<Long> apply(long value) {
            return Collections.nCopies((int) Math.floorMod(value, most + 1L), value);
        }

        @Override
        public DataStream<Long> build(Site site, List<DataStream<Long>> inputs, int parallelism) {
            return inputs.get(0)
                    .flatMap((Long value, Emitter<Long> out) -> {
                        for (long i = Math.floorMod(value, most + 1L); i > 0; i--) {
                            out.emit(pace.keep(value));
                        }
                    })
                    .parallelism(parallelism);
        }
    }

    record MapAsync(int maxInFlight, boolean ordered, long keysApart, Pace pace) implements EachRecord {
        @Override
        public List<Long> apply(long value) {
            return List.of(value + keysApart);
        }

        @Override
        public DataStream<Long> build(Site site, List<DataStream<Long>> inputs, int parallelism) {
            DataStream<Long> in = inputs.get(0);
            DataStream<Long> out = ordered
                    ? in.mapAsync(maxInFlight, value -> pace.keep(value) + keysApart)
                    : in.mapAsyncUnordered(maxInFlight, value -> pace.keep(value) + keysApart);
            return out.parallelism(parallelism);
        }

        @Override
        public Order order(List<Flow> inputs, int parallelism) {
            return ordered ? EachRecord.super.order(inputs, parallelism) : Order.NONE;
        }
    }

    record Union() implements Step {
        @Override
        public List<Long> evaluate(List<List<Long>> inputs) {
            return inputs.stream().flatMap(List::stream).toList();
        }

        @Override
        public DataStream<Long> build(Site site, List<DataStream<Long>> inputs, int parallelism) {
            return inputs.stream().reduce(DataStream::union).orElseThrow().parallelism(parallelism);
        }

        @Override
        public Order order(List<Flow> inputs, int parallelism) {
            return Order.NONE;
        }
    }
}
