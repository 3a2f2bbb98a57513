package dev.sage.runtime.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.api.Feedback;
import dev.sage.api.JobFailure;
import dev.sage.api.Next;
import dev.sage.api.Results;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class FeedbackTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void countsTheStepsOfCollatz(int parallelism) throws InterruptedException {
        record Walk(long first, long now, int steps) {}
        AtomicReference<Results<Walk>> results = new AtomicReference<>();
        PlainJob.run(Settings.tight(), env -> {
            Feedback<Walk> loop = env.fromRange(1, 100)
                    .map(n -> new Walk(n, n, 0))
                    .feedback("collatz")
                    .parallelism(parallelism);
            loop.closeWith(loop.filter(n -> n.now() != 1)
                    .parallelism(parallelism)
                    .keyBy(Walk::now)
                    .map(n -> new Walk(n.first(), n.now() % 2 == 0 ? n.now() / 2 : 3 * n.now() + 1, n.steps() + 1))
                    .parallelism(parallelism));
            results.set(loop.filter(n -> n.now() == 1).collect());
        });

        assertThat(results.get().list()).hasSize(99);
        assertThat(results.get().list().stream().collect(Collectors.toMap(Walk::first, Walk::steps)))
                .containsEntry(1L, 0)
                .containsEntry(27L, 111)
                .containsEntry(97L, 118);
    }

    @Test
    void aLoopThatNothingComesIntoEnds() throws InterruptedException {
        PlainJob.run(Settings.tight(), env -> {
            Feedback<Long> loop = env.fromRange(0, 0).feedback("empty").parallelism(3);
            loop.closeWith(loop.mapAsync(2, n -> n).parallelism(2));
        });
    }

    @Test
    void aCallInFlightKeepsTheLoopOpen() throws InterruptedException {
        CountDownLatch called = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        AtomicReference<Results<Long>> results = new AtomicReference<>();
        try (PlainJob job = PlainJob.of(Settings.tight(), env -> {
            Feedback<Long> loop = env.fromRange(0, 1).feedback("slow");
            results.set(loop.collect());
            loop.closeWith(loop.filter(n -> n < 3).mapAsync(4, n -> {
                called.countDown();
                answer.await();
                return n + 1;
            }));
        })) {
            job.start();
            assertThat(called.await(30, TimeUnit.SECONDS)).isTrue();
            job.await("ended");
            assertThat(job.rest()).noneMatch(news -> news.what().equals("ended"));
            answer.countDown();
            job.await("ended", 2);
            job.tasks.forEach(task -> task.finish(true));
            job.await("closed", 3);
        }
        assertThat(results.get()).containsExactly(0L, 1L, 2L, 3L);
    }

    @Test
    void anOpenSourceThatJoinsInTheBodyKeepsTheLoopOpen() throws InterruptedException {
        Queue<Next<Long>> late = new ArrayDeque<>();
        CountDownLatch waited = new CountDownLatch(1);
        AtomicReference<Results<Long>> results = new AtomicReference<>();
        try (PlainJob job = PlainJob.of(Settings.usual(), env -> {
            Feedback<Long> loop = env.fromRange(0, 3).feedback("open");
            results.set(loop.collect());
            loop.closeWith(loop.union(env.fromBatch(() -> {
                        waited.await();
                        Next<Long> next = late.poll();
                        return next == null ? Next.end() : next;
                    }))
                    .map(n -> n - 1)
                    .filter(n -> n >= 0));
        })) {
            late.add(Next.of(2L));
            job.start();
            job.await("ended");
            waited.countDown();
            job.await("ended", job.tasks.size() - 1);
            job.tasks.forEach(task -> task.finish(true));
            job.await("closed", job.tasks.size());
        }
        assertThat(results.get()).containsExactlyInAnyOrder(0L, 1L, 0L, 2L, 1L, 0L, 1L, 0L);
    }

    @Test
    void aLoopThatGrowsWithoutBoundFailsByItsName() throws InterruptedException {
        JobFailure failure = PlainJob.fail(Settings.withFeedback(Settings.usual(), 10, 100), env -> {
            Feedback<Long> loop = env.fromRange(0, 5).feedback("avalanche");
            loop.closeWith(
                    loop.flatMap(n -> List.of(n, n)).keyBy(n -> n).map(n -> n).name("body"));
        });

        assertThat(failure.origin()).isEqualTo(JobFailure.Origin.OPERATOR);
        assertThat(failure.name()).isEqualTo("avalanche");
        assertThat(failure.message())
                .contains("more than 100 records")
                .contains("'avalanche'")
                .contains("sage.feedback.max-records");
    }

    @Test
    void whileMuchWaitsToGoRoundNothingMoreIsLetIn() throws InterruptedException {
        int fanOut = 20;
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        DataPlaneSettings settings = Settings.withFeedback(Settings.tight(), fanOut, 100_000);
        PlainJob.run(settings, env -> {
            Feedback<Long> loop = env.fromRange(0, 2_000).map(n -> -1L).feedback("gated");
            loop.closeWith(loop.flatMap(n -> {
                int change = n < 0 ? fanOut : n == 0 ? -1 : 0;
                int now = inside.addAndGet(change);
                most.accumulateAndGet(now, Math::max);
                return n < 0
                        ? IntStream.range(0, fanOut).mapToObj(i -> 3L).toList()
                        : n == 0 ? List.<Long>of() : List.of(n - 1);
            }));
        });

        assertThat(inside).hasValue(0);
        assertThat(most.get()).as("records in the loop at once").isBetween(fanOut, 5 * fanOut);
    }

    @Test
    void aLoopWhoseBuffersAreAllFullDoesNotStandStill() throws InterruptedException {
        AtomicLong passed = new AtomicLong();
        PlainJob.run(Settings.withFeedback(Settings.tight(), 100_000, 100_000), env -> {
            Feedback<Long> loop = env.fromRange(0, 1_000).feedback("full").parallelism(2);
            loop.closeWith(loop.flatMap(n -> n < 10_000 ? List.of(n + 10_000, n + 20_000) : List.<Long>of())
                    .keyBy(n -> n)
                    .map(n -> {
                        passed.incrementAndGet();
                        return n;
                    })
                    .parallelism(2));
        });
        assertThat(passed).hasValue(2_000);
    }

    @Test
    void whatAFunctionInTheLoopThrowsFailsTheJobByItsName() throws InterruptedException {
        JobFailure failure = PlainJob.fail(Settings.usual(), env -> {
            Feedback<Long> loop = env.fromRange(0, 5).feedback("loop");
            loop.closeWith(
                    loop.map(n -> 10 / (n - 1)).name("divide").keyBy(n -> n).map(n -> n));
        });
        assertThat(failure.name()).isEqualTo("divide");
        assertThat(failure.cause()).containsInstanceOf(ArithmeticException.class);
    }
}
