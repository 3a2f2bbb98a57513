package dev.sage.acceptance.graph;

import dev.sage.api.DataStream;
import dev.sage.api.Emitter;
import dev.sage.api.ErrorPolicy;
import dev.sage.api.Feedback;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** The steps that go round: each record so many times as its value tells. */
final class LoopSteps {
    private LoopSteps() {}

    /** What goes round. */
    record Round(long value, int left) {}

    /** What the loop is made of, besides its head. */
    enum Body {
        MAP,
        KEYED,
        ASYNC,
        PUSHED,
        RETRIED
    }

    /**
     * A value comes out once before each round and once after the last one; a round makes {@code copies} of it.
     *
     * @param name unique in the graph
     * @param headParallelism of the loop's head, whatever that of its body is
     */
    record Countdown(String name, Body body, int rounds, int copies, int headParallelism) implements Step {
        private int rounds(long value) {
            return (int) Math.floorMod(value, rounds + 1L);
        }

        private List<Round> next(Round round) {
            return Collections.nCopies(copies, new Round(round.value, round.left - 1));
        }

        @Override
        public List<Long> evaluate(List<List<Long>> inputs) {
            List<Long> records = new ArrayList<>();
            for (long value : inputs.get(0)) {
                int times = 1;
                for (int left = rounds(value); left >= 0; left--) {
                    records.addAll(Collections.nCopies(times, value));
                    times *= copies;
                }
            }
            return records;
        }

        @Override
        public DataStream<Long> build(Site site, List<DataStream<Long>> inputs, int parallelism) {
            Feedback<Round> loop = inputs.get(0)
                    .map(value -> new Round(value, rounds(value)))
                    .parallelism(parallelism)
                    .feedback(name)
                    .parallelism(headParallelism);
            DataStream<Round> left =
                    loop.filter(round -> round.left > 0).name(name + " left").parallelism(headParallelism);
            loop.closeWith(again(left).parallelism(parallelism));
            return loop.map(Round::value).parallelism(parallelism);
        }

        private DataStream<Round> again(DataStream<Round> left) {
            return switch (body) {
                case MAP -> left.flatMap((Round round) -> next(round));
                case KEYED -> left.keyBy(Round::value).flatMap((Round round) -> next(round));
                case ASYNC -> left.mapAsyncUnordered(3, round -> round).flatMap((Round round) -> next(round));
                case PUSHED ->
                    left.flatMap(
                            (Round round, Emitter<Round> out) -> next(round).forEach(out::emit));
                case RETRIED -> {
                    AtomicLong calls = new AtomicLong();
                    yield left.flatMap((Round round) -> {
                                if (calls.incrementAndGet() % 50 == 0) {
                                    throw new IllegalStateException("at times");
                                }
                                return next(round);
                            })
                            .onError(ErrorPolicy.retry(30, Duration.ofNanos(20_000)));
                }
            };
        }

        @Override
        public Order order(List<Flow> inputs, int parallelism) {
            return Order.NONE;
        }
    }
}
