package dev.sage.acceptance.graph;

import dev.sage.api.DataStream;
import dev.sage.api.ErrorPolicy;
import dev.sage.api.Next;
import dev.sage.api.Rate;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;

/** The steps without inputs. */
final class Sources {
    private Sources() {}

    /** A source gives its records in their order when it has one instance. */
    interface Source extends Step {
        List<Long> records();

        @Override
        default List<Long> evaluate(List<List<Long>> inputs) {
            return records();
        }

        @Override
        default Order order(List<Flow> inputs, int parallelism) {
            return parallelism == 1 ? Order.EXACT : Order.NONE;
        }
    }

    record Collection(List<Long> records) implements Source {
        @Override
        public DataStream<Long> build(Site site, List<DataStream<Long>> inputs, int parallelism) {
            return site.environment().fromCollection(records).parallelism(parallelism);
        }

        @Override
        public String toString() {
            return "collection of " + records.size();
        }
    }

    record Range(long from, long to) implements Source {
        @Override
        public List<Long> records() {
            return LongStream.range(from, to).boxed().toList();
        }

        @Override
        public DataStream<Long> build(Site site, List<DataStream<Long>> inputs, int parallelism) {
            return site.environment().fromRange(from, to).parallelism(parallelism);
        }
    }

    /** With a parallelism each instance makes every so many of the numbers. */
    record Generated(List<Long> records, Rate rate, int failEvery) implements Source {
        @Override
        public DataStream<Long> build(Site site, List<DataStream<Long>> inputs, int parallelism) {
            AtomicInteger calls = new AtomicInteger();
            DataStream<Long> generated = site.environment().generate(rate, records.size(), number -> {
                if (failEvery > 0 && calls.incrementAndGet() % failEvery == 0) {
                    throw new IllegalStateException("at times");
                }
                return records.get((int) number);
            });
            return generated
                    .onError(failEvery > 0 ? ErrorPolicy.retry(30, Duration.ofNanos(20_000)) : ErrorPolicy.fail())
                    .parallelism(parallelism);
        }

        @Override
        public String toString() {
            return "generator of " + records.size() + ", " + rate + ", fails every " + failEvery;
        }
    }

    /** Now and then it has nothing at the moment. */
    record Batch(List<Long> records, int nothingEvery) implements Source {
        @Override
        public int maxParallelism() {
            return 1;
        }

        @Override
        public DataStream<Long> build(Site site, List<DataStream<Long>> inputs, int parallelism) {
            return site.environment().fromBatch(new Reading(records, nothingEvery)::next);
        }

        @Override
        public String toString() {
            return "batch of " + records.size() + ", nothing now every " + nothingEvery;
        }
    }

    /** The same as a source that ends by itself. */
    record Ending(List<Long> records, int nothingEvery) implements Source {
        @Override
        public int maxParallelism() {
            return 1;
        }

        @Override
        public DataStream<Long> build(Site site, List<DataStream<Long>> inputs, int parallelism) {
            return site.environment().fromSource(new Reading(records, nothingEvery)::next);
        }

        @Override
        public String toString() {
            return "source of " + records.size() + ", nothing now every " + nothingEvery;
        }
    }

    private static final class Reading {
        private final Iterator<Long> records;
        private final int nothingEvery;
        private final AtomicInteger calls = new AtomicInteger();

        Reading(List<Long> records, int nothingEvery) {
            this.records = records.iterator();
            this.nothingEvery = nothingEvery;
        }

        Next<Long> next() {
            if (calls.incrementAndGet() % nothingEvery == 0) {
                return Next.nothingFor(Duration.ofNanos(50_000));
            }
            return records.hasNext() ? Next.of(records.next()) : Next.end();
        }
    }
}
