package dev.sage.acceptance.graph;

import dev.sage.api.DataStream;
import java.util.Collections;
import java.util.List;

/** The steps that choose how records find the instances of the next operator. */
final class SpreadSteps {
    private SpreadSteps() {}

    record Rebalance() implements RecordSteps.EachRecord {
        @Override
        public List<Long> apply(long value) {
            return List.of(value);
        }

        @Override
        public DataStream<Long> build(Site site, List<DataStream<Long>> inputs, int parallelism) {
            return inputs.get(0).rebalance().map(value -> value).parallelism(parallelism);
        }

        @Override
        public Order order(List<Flow> inputs, int parallelism) {
            return parallelism == 1 ? inputs.get(0).order() : Order.NONE;
        }
    }

    record Broadcast(int readers) implements RecordSteps.EachRecord {
        @Override
        public List<Long> apply(long value) {
            return Collections.nCopies(readers, value);
        }

        @Override
        public DataStream<Long> build(Site site, List<DataStream<Long>> inputs, int parallelism) {
            return inputs.get(0)
                    .broadcast()
                    .map(value -> value)
                    .parallelism(readers)
                    .map(value -> value)
                    .parallelism(parallelism);
        }

        @Override
        public Order order(List<Flow> inputs, int parallelism) {
            return Order.NONE;
        }
    }
}
