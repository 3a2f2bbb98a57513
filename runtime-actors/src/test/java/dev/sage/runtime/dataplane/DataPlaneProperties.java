package dev.sage.runtime.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.api.DataStream;
import dev.sage.api.Results;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Random graphs: whatever the shape and the buffers, records out are records in through the user's functions. */
class DataPlaneProperties {
    enum Kind {
        MAP,
        FILTER,
        FLAT_MAP,
        EMIT,
        ASYNC,
        UNORDERED,
        KEYED_MAP,
        REDUCE,
        COUNT,
        UNION,
        FORK
    }

    record Step(Kind kind, int parallelism) {}

    @Property(tries = 300)
    void recordsOutAreRecordsInThroughTheFunctions(
            @ForAll @IntRange(max = 200) int records,
            @ForAll @Size(max = 7) List<@net.jqwik.api.From("steps") Step> steps,
            @ForAll("settings") DataPlaneSettings settings)
            throws InterruptedException {
        AtomicReference<Results<Long>> results = new AtomicReference<>();
        PlainJob.run(settings, env -> {
            DataStream<Long> stream = env.fromRange(0, records).parallelism(2);
            for (Step step : steps) {
                stream = append(stream, step).parallelism(step.parallelism());
            }
            results.set(stream.collect());
        });

        List<Long> expected = LongStream.range(0, records).boxed().toList();
        for (Step step : steps) {
            expected = expected(expected, step.kind());
        }
        List<Long> given = new ArrayList<>(results.get().list());
        List<Long> wanted = new ArrayList<>(expected);
        Collections.sort(given);
        Collections.sort(wanted);
        assertThat(given).isEqualTo(wanted);
    }

    @Property(tries = 150)
    void aCancelAtAnyMomentClosesEveryTask(
            @ForAll @Size(max = 5) List<@net.jqwik.api.From("steps") Step> steps,
            @ForAll("settings") DataPlaneSettings settings,
            @ForAll @IntRange(max = 2_000) int patience)
            throws InterruptedException {
        AtomicReference<Results<Long>> results = new AtomicReference<>();
        try (PlainJob job = PlainJob.of(settings, env -> {
            DataStream<Long> stream = env.fromRange(0, Long.MAX_VALUE).map(n -> n % 10);
            for (Step step : steps) {
                stream = append(stream, step).parallelism(step.parallelism());
            }
            stream.filter(n -> n < 0).collect();
            results.set(stream.filter(n -> n < 0).collect());
        })) {
            job.start();
            for (int i = 0; i < patience; i++) {
                job.tasks.get(0).pause();
                job.tasks.get(0).resume();
            }
            job.tasks.forEach(TaskControl::cancel);
            List<PlainJob.News> closed = job.await("closed", job.tasks.size());

            assertThat(closed).extracting(PlainJob.News::task).doesNotHaveDuplicates();
            assertThat(job.rest()).isEmpty();
        }
    }

    private static DataStream<Long> append(DataStream<Long> stream, Step step) {
        return switch (step.kind()) {
            case MAP -> stream.map(n -> n + 1);
            case FILTER -> stream.filter(n -> n % 3 != 0);
            case FLAT_MAP ->
                stream.flatMap(n -> LongStream.range(0, n % 4).boxed().toList());
            case EMIT ->
                stream.flatMap((n, out) -> {
                    out.emit(n);
                    out.emit(-n);
                });
            case ASYNC -> stream.mapAsync(3, n -> n * 2);
            case UNORDERED -> stream.mapAsyncUnordered(3, n -> n * 2);
            case KEYED_MAP -> stream.keyBy(n -> n % 5).map(n -> n + 1);
            case REDUCE -> stream.keyBy(n -> n % 5).reduce(Long::sum);
            case COUNT -> stream.keyBy(n -> n).count().parallelism(2).map(count -> count.key() + 1000 * count.value());
            case UNION -> stream.union(stream);
            case FORK -> {
                stream.filter(n -> n > 0).parallelism(step.parallelism()).sink(n -> {});
                yield stream.map(n -> n);
            }
        };
    }

    private static List<Long> expected(List<Long> records, Kind kind) {
        return switch (kind) {
            case MAP, KEYED_MAP -> records.stream().map(n -> n + 1).toList();
            case FILTER -> records.stream().filter(n -> n % 3 != 0).toList();
            case FLAT_MAP ->
                records.stream()
                        .flatMap(n -> LongStream.range(0, n % 4).boxed())
                        .toList();
            case EMIT -> records.stream().flatMap(n -> List.of(n, -n).stream()).toList();
            case ASYNC, UNORDERED -> records.stream().map(n -> n * 2).toList();
            case REDUCE ->
                List.copyOf(records.stream()
                        .collect(Collectors.toMap(n -> n % 5, n -> n, Long::sum))
                        .values());
            case COUNT ->
                records.stream().collect(Collectors.groupingBy(n -> n, Collectors.counting())).entrySet().stream()
                        .map(count -> count.getKey() + 1000 * count.getValue())
                        .toList();
            case UNION -> records.stream().flatMap(n -> List.of(n, n).stream()).toList();
            case FORK -> records;
        };
    }

    @Provide
    Arbitrary<Step> steps() {
        return Combinators.combine(
                        Arbitraries.of(Kind.class), Arbitraries.integers().between(1, 4))
                .as(Step::new);
    }

    @Provide
    Arbitrary<DataPlaneSettings> settings() {
        return Combinators.combine(
                        Arbitraries.integers().between(1, 3),
                        // A few that are parked must not exhaust the overdraw of these settings.
                        Arbitraries.of(1, 2, 3, 16, 64),
                        Arbitraries.of(1, 2, 4))
                .as(Settings::of);
    }
}
