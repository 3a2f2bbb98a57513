package dev.sage.acceptance.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.api.DataStream;
import dev.sage.api.Results;
import dev.sage.api.Sinks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The ways in which a stream of a random graph ends, and in which its records are looked at after the job. */
final class Ends {
    private Ends() {}

    /** The end of one stream. */
    interface End {
        /** Ends the stream; what is answered gives the records once the job has completed. */
        Supplier<List<Long>> build(Site site, DataStream<Long> stream) throws IOException;

        int parallelism();
    }

    record Collect() implements End {
        @Override
        public Supplier<List<Long>> build(Site site, DataStream<Long> stream) {
            Results<Long> results = stream.collect();
            return results::list;
        }

        @Override
        public int parallelism() {
            return 1;
        }
    }

    record UserSink(int parallelism, Pace pace) implements End {
        @Override
        public Supplier<List<Long>> build(Site site, DataStream<Long> stream) {
            List<Long> records = Collections.synchronizedList(new ArrayList<>());
            stream.sink(value -> records.add(pace.keep(value))).parallelism(parallelism);
            return () -> records;
        }
    }

    record TextFile() implements End {
        @Override
        public Supplier<List<Long>> build(Site site, DataStream<Long> stream) throws IOException {
            Path file = Files.createTempFile(site.folder(), "sink", ".txt");
            stream.sink(Sinks.textLines(file));
            return () -> {
                try {
                    return Files.readAllLines(file).stream().map(Long::valueOf).toList();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            };
        }

        @Override
        public int parallelism() {
            return 1;
        }
    }

    /** Compares what arrived with what had to arrive, as far as the order is promised. */
    static void check(String where, Flow expected, int parallelism, List<Long> actual) {
        Order order = expected.order().afterDirectEdge(expected.parallelism(), parallelism);
        if (order.isExact()) {
            assertThat(actual).as(where + ", in exact order").isEqualTo(expected.records());
            return;
        }
        assertThat(counts(actual)).as(where).isEqualTo(counts(expected.records()));
        if (order.kind() == Order.Kind.BY_KEY) {
            assertThat(byKey(actual, order.modulus()))
                    .as(where + ", in order by key")
                    .isEqualTo(byKey(expected.records(), order.modulus()));
        }
    }

    private static Map<Long, Long> counts(List<Long> records) {
        return records.stream().collect(Collectors.groupingBy(value -> value, Collectors.counting()));
    }

    private static Map<Long, List<Long>> byKey(List<Long> records, long modulus) {
        return records.stream().collect(Collectors.groupingBy(value -> Math.floorMod(value, modulus)));
    }
}
