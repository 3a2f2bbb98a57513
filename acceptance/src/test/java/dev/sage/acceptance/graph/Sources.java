package dev.sage.acceptance.graph;

import dev.sage.api.DataStream;
import dev.sage.api.Next;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** The steps without inputs. */
final class Sources {
    private Sources() {}

    /** A source gives its records in their order when it has one instance. */
    private interface Source extends Step {
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

    /** With a parallelism the lines are divided by bytes, also within a file. */
    record FileLines(List<List<Long>> files) implements Source {
        @Override
        public List<Long> records() {
            return files.stream().flatMap(List::stream).toList();
        }

        @Override
        public DataStream<Long> build(Site site, List<DataStream<Long>> inputs, int parallelism) throws IOException {
            List<Path> paths = new ArrayList<>();
            for (List<Long> lines : files) {
                Path path = Files.createTempFile(site.folder(), "lines", ".txt");
                Files.writeString(path, lines.stream().map(line -> line + "\n").collect(Collectors.joining()));
                paths.add(path);
            }
            return site.environment()
                    .fromFiles(paths)
                    .parallelism(parallelism)
                    .map(Long::valueOf)
                    .parallelism(parallelism);
        }

        @Override
        public String toString() {
            return "lines of " + files.size() + " files, "
                    + files.stream().map(List::size).toList();
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
