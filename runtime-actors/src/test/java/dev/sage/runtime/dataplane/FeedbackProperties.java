package dev.sage.runtime.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.api.DataStream;
import dev.sage.api.Environment;
import dev.sage.api.Feedback;
import dev.sage.api.Results;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Random loops: every record goes round as often as it has to, and then the loop ends. */
class FeedbackProperties {
    private static final int LATECOMERS = 20;

    enum Kind {
        MAP,
        EMIT,
        ASYNC,
        UNORDERED,
        BY_KEY,
        FORK,
        FROM_OUTSIDE,
        TO_OUTSIDE
    }

    record Step(Kind kind, int parallelism) {}

    /** A record goes round {@code n % 6} times, and every second time two of it come back. */
    @Property(tries = 400)
    void everyRecordGoesRoundAsOftenAsItHasTo(
            @ForAll @IntRange(max = 60) int records,
            @ForAll @IntRange(min = 1, max = 4) int headParallelism,
            @ForAll @IntRange(min = 1, max = 4) int endParallelism,
            @ForAll @Size(max = 5) List<@From("steps") Step> steps,
            @ForAll("settings") DataPlaneSettings settings)
            throws InterruptedException {
        AtomicReference<Results<Long>> results = new AtomicReference<>();
        PlainJob.run(settings, env -> {
            Feedback<Long> loop = env.fromRange(0, records).feedback("loop").parallelism(headParallelism);
            results.set(loop.collect());
            DataStream<Long> body = loop;
            for (Step step : steps) {
                body = append(env, body, step);
            }
            loop.closeWith(body.flatMap(FeedbackProperties::next).parallelism(endParallelism));
        });

        List<Long> expected = new ArrayList<>();
        LongStream.range(0, records).forEach(n -> goRound(n, expected));
        for (Step step : steps) {
            if (step.kind() == Kind.FROM_OUTSIDE) {
                LongStream.range(0, LATECOMERS).forEach(n -> next(n).forEach(first -> goRound(first, expected)));
            }
        }
        List<Long> given = new ArrayList<>(results.get().list());
        Collections.sort(given);
        Collections.sort(expected);
        assertThat(given).isEqualTo(expected);
    }

    @Property(tries = 100)
    void aCancelAtAnyMomentClosesEveryTaskOfALoop(
            @ForAll @Size(max = 4) List<@From("steps") Step> steps,
            @ForAll("settings") DataPlaneSettings settings,
            @ForAll @IntRange(max = 2_000) int patience)
            throws InterruptedException {
        try (PlainJob job = PlainJob.of(settings, env -> {
            Feedback<Long> loop = env.fromRange(0, 50).feedback("loop").parallelism(2);
            DataStream<Long> body = loop;
            for (Step step : steps) {
                body = append(env, body, step);
            }
            loop.closeWith(body);
        })) {
            job.start();
            for (int i = 0; i < patience; i++) {
                job.tasks.get(0).pause();
                job.tasks.get(0).resume();
            }
            job.tasks.forEach(TaskControl::cancel);
            List<PlainJob.News> closed = job.await("closed", job.tasks.size());

            assertThat(closed).extracting(PlainJob.News::task).doesNotHaveDuplicates();
        }
    }

    private static List<Long> next(long n) {
        if (n % 6 == 0) {
            return List.of();
        }
        return n % 2 == 0 ? List.of(n - 1, n - 1) : List.of(n - 1);
    }

    private static void goRound(long n, List<Long> passed) {
        passed.add(n);
        next(n).forEach(again -> goRound(again, passed));
    }

    private static DataStream<Long> append(Environment env, DataStream<Long> body, Step step) {
        int parallelism = step.parallelism();
        return switch (step.kind()) {
            case MAP -> body.map(n -> n).parallelism(parallelism);
            case EMIT -> body.<Long>flatMap((n, out) -> out.emit(n)).parallelism(parallelism);
            case ASYNC -> body.mapAsync(3, n -> n).parallelism(parallelism);
            case UNORDERED ->
                body.mapAsyncUnordered(2, FeedbackProperties::slowly).parallelism(parallelism);
            case BY_KEY -> body.keyBy(n -> n % 7).map(n -> n).parallelism(parallelism);
            case FORK ->
                body.filter(n -> n % 3 == 0)
                        .union(body.filter(n -> n % 3 != 0).parallelism(parallelism))
                        .parallelism(parallelism);
            case FROM_OUTSIDE ->
                body.union(env.fromRange(0, LATECOMERS).map(n -> n)).parallelism(parallelism);
            case TO_OUTSIDE -> {
                body.map(n -> n).parallelism(parallelism).keyBy(n -> n).count().collect();
                yield body;
            }
        };
    }

    private static long slowly(long n) {
        long sum = n;
        for (int i = 0; i < 10_000 * (n % 3); i++) {
            sum += i * sum;
        }
        return sum == Long.MIN_VALUE ? n + 1 : n;
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
                        Arbitraries.of(1, 2, 3, 16, 1024),
                        Arbitraries.of(1, 2, 4))
                .as(Settings::of);
    }
}
