package dev.sage.runtime.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.api.JobFailure;
import dev.sage.api.Next;
import dev.sage.api.Results;
import dev.sage.api.Sink;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What commands do to tasks that run. */
@Timeout(60)
class TaskLifeTest {
    private final BlockingQueue<String> calls = new LinkedBlockingQueue<>();
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);

    @Test
    void aSinkLivesFromOpenToCommit() throws Exception {
        PlainJob.run(Settings.usual(), env -> env.fromRange(0, 2).sink(new Recorder("")));

        assertThat(calls).containsExactly("open", "accept 0", "accept 1", "prepare", "commit");
    }

    @Test
    void aCancelledTaskAbortsItsSinks() throws Exception {
        try (PlainJob job = PlainJob.of(
                Settings.usual(), env -> env.fromSource(() -> Next.of(1)).sink(new Recorder("")))) {
            job.start();
            awaitCall("accept 1");
            job.cancel();
        }
        assertThat(calls).contains("abort").doesNotContain("prepare", "commit");
    }

    @Test
    void aSinkThatCannotOpenIsAborted() throws Exception {
        JobFailure failure =
                PlainJob.fail(Settings.usual(), env -> env.fromRange(0, 2).sink(new Recorder("open")));

        assertThat(failure.step()).isEqualTo("open");
        assertThat(failure.ordinal()).isEmpty();
        assertThat(calls).containsExactly("open", "abort");
    }

    @Test
    void afterAFailedCommitTheOtherSinksOfTheTaskAreAborted() throws Exception {
        try (PlainJob job = PlainJob.of(Settings.usual(), env -> {
            var numbers = env.fromRange(0, 1);
            numbers.sink(new Recorder("commit")).name("first");
            numbers.sink(new Recorder("")).name("second");
        })) {
            job.start();
            job.await("ended");
            job.tasks.get(0).finish(true);

            JobFailure failure = job.await("closed").failure().orElseThrow();
            assertThat(failure.step()).isEqualTo("commit");
            assertThat(failure.name()).isEqualTo("first");
        }
        assertThat(calls).endsWith("commit", "abort", "abort");
    }

    @Test
    void aCancelBeforeTheStartClosesAtTheStart() throws Exception {
        try (PlainJob job =
                PlainJob.of(Settings.usual(), env -> env.fromRange(0, 2).sink(new Recorder("")))) {
            job.tasks.forEach(TaskControl::cancel);
            job.start();
            job.await("closed");
        }
        assertThat(calls).isEmpty();
    }

    @Test
    void aPausedSourceGoesOnWhereItWas() throws Exception {
        AtomicLong passed = new AtomicLong();
        AtomicReference<TaskControl> source = new AtomicReference<>();
        try (PlainJob job = PlainJob.of(
                Settings.usual(),
                env -> env.fromRange(0, 1_000_000)
                        .map(n -> {
                            if (passed.incrementAndGet() == 1_000) {
                                source.get().pause();
                                reached.countDown();
                            }
                            return n;
                        })
                        .sink(value -> {}))) {
            source.set(job.tasks.get(0));
            job.start();
            job.await("started");
            reached.await();
            assertThat(job.rest()).isEmpty();
            assertThat(passed.get()).isEqualTo(1_000);

            source.get().resume();
            job.awaitEnd();
            assertThat(passed.get()).isEqualTo(1_000_000);
        }
    }

    @Test
    void aStoppedRangeEndsWell() throws Exception {
        AtomicReference<Results<Long>> results = new AtomicReference<>();
        try (PlainJob job = PlainJob.of(
                Settings.usual(),
                env -> results.set(env.fromRange(0, Long.MAX_VALUE)
                        .map(n -> {
                            reached.countDown();
                            release.await();
                            return n;
                        })
                        .collect()))) {
            job.start();
            reached.await();
            job.tasks.get(0).stopSource();
            release.countDown();
            job.awaitEnd();
        }
        assertThat(results.get().list()).containsExactly(0L);
    }

    @Test
    void aStopEndsASourceThatWaitsForInputEvenWhilePaused() throws Exception {
        BlockingQueue<String> input = new LinkedBlockingQueue<>(List.of("a", "b"));
        AtomicReference<Results<String>> results = new AtomicReference<>();
        try (PlainJob job = PlainJob.of(
                Settings.usual(),
                env -> results.set(env.fromSource(() -> Next.of(input.take())).collect()))) {
            job.start();
            while (job.tasks.get(0).report().recordsIn() < 2) {
                Thread.onSpinWait();
            }
            job.tasks.get(0).pause();
            job.tasks.get(0).stopSource();
            job.awaitEnd();
        }
        assertThat(results.get().list()).containsExactly("a", "b");
    }

    @Test
    void aStopEndsARestAndAFullHandOff() throws Exception {
        try (PlainJob job = PlainJob.of(Settings.tight(), env -> {
            env.fromSource(() -> {
                        reached.countDown();
                        return Next.<Long>nothingFor(Duration.ofDays(100_000));
                    })
                    .name("rests")
                    .collect();
            env.fromSource(() -> Next.of(1L))
                    .name("full")
                    .filter(n -> {
                        release.await();
                        return false;
                    })
                    .collect();
        })) {
            job.start();
            reached.await();
            job.tasks.forEach(TaskControl::stopSource);
            release.countDown();
            job.awaitEnd();
        }
    }

    @Test
    void aSourceThatThrowsFailsAfterTheRecordsBeforeIt() throws Exception {
        AtomicLong given = new AtomicLong();
        AtomicLong seen = new AtomicLong();
        JobFailure failure = PlainJob.fail(
                Settings.usual(),
                env -> env.<Long>fromSource(() -> {
                            if (given.get() == 5) {
                                throw new java.io.IOException("gone");
                            }
                            return Next.of(given.incrementAndGet());
                        })
                        .map(n -> seen.incrementAndGet())
                        .collect());

        assertThat(failure.step()).isEqualTo("next");
        assertThat(failure.ordinal()).hasValue(5);
        assertThat(seen.get()).isEqualTo(5);
    }

    @Test
    void anInterruptHitsTheUserCodeThatRuns() throws Exception {
        try (PlainJob job = PlainJob.of(
                Settings.usual(),
                env -> env.fromRange(0, 1)
                        .map(n -> {
                            reached.countDown();
                            release.await();
                            return n;
                        })
                        .collect())) {
            job.start();
            reached.await();
            job.tasks.get(0).interrupt();

            assertThat(job.await("failed").failure().orElseThrow().cause())
                    .get()
                    .isInstanceOf(InterruptedException.class);
            job.cancel();
        }
    }

    @Test
    void anInterruptWaitsForTheEndOfAnUninterruptibleSection() throws Exception {
        try (PlainJob job = PlainJob.of(
                Settings.usual(),
                env -> env.fromRange(0, 1)
                        .map(n -> {
                            UninterruptibleSection.enter();
                            try {
                                reached.countDown();
                                release.await();
                                calls.add("section passed");
                            } finally {
                                UninterruptibleSection.exit();
                            }
                            calls.add("interrupted: " + Thread.interrupted());
                            return n;
                        })
                        .collect())) {
            job.start();
            reached.await();
            job.tasks.get(0).interrupt();
            release.countDown();
            job.awaitEnd();
        }
        assertThat(calls).containsExactly("section passed", "interrupted: true");
    }

    @Test
    void anInterruptHitsOnlyTheTaskThatItIsFor() throws Exception {
        try (PlainJob job = PlainJob.of(Settings.of(1, 8, 2), env -> {
            env.fromRange(0, 200_000)
                    .map(n -> {
                        if (Thread.interrupted()) {
                            throw new IllegalStateException("hit by another task's interrupt");
                        }
                        return n;
                    })
                    .collect();
            env.fromRange(0, Long.MAX_VALUE).name("target").filter(n -> false).collect();
        })) {
            job.start();
            job.await("started", 2);
            TaskControl bystander = job.task("range/0");
            while (bystander.report().recordsIn() < 200_000) {
                job.task("target/0").interrupt();
            }
            job.task("target/0").stopSource();
            job.awaitEnd();
        }
    }

    @Test
    void aCancelInterruptsAsyncCallsAndClosesAfterThem() throws Exception {
        try (PlainJob job = PlainJob.of(
                Settings.usual(),
                env -> env.fromRange(0, 100)
                        .mapAsync(4, n -> {
                            reached.countDown();
                            try {
                                release.await();
                            } finally {
                                calls.add("left");
                            }
                            return n;
                        })
                        .collect())) {
            job.start();
            reached.await();
            job.cancel();
            assertThat(job.rest()).noneMatch(news -> news.what().equals("failed"));
            assertThat(calls).hasSizeBetween(1, 4).containsOnly("left");
        }
    }

    @Test
    void anAbandonedTaskHasNoMoreEffectAndBlocksNobody() throws Exception {
        try (PlainJob job = PlainJob.of(Settings.of(1, 1, 1), env -> {
            env.fromRange(0, 1_000)
                    .map(n -> {
                        reached.countDown();
                        awaitWhateverComes(release);
                        return n;
                    })
                    .name("hangs")
                    .sink(new Recorder(""));
            env.fromRange(0, 1_000).name("other").map(n -> n).collect();
        })) {
            job.start();
            reached.await();
            TaskControl hanging = job.task("range/0");
            hanging.cancel();
            hanging.interrupt();
            hanging.abandon();
            assertThat(job.await("ended").task().name()).isEqualTo("other/0");
            job.task("other/0").finish(true);
            assertThat(job.await("closed").task().name()).isEqualTo("other/0");

            release.countDown();
            job.task("other/0").cancel();
        }
        assertThat(calls).containsExactly("open");
    }

    @Test
    void aDrainedFlowLeavesTheSinksInOrder() throws Exception {
        PlainJob.run(
                Settings.tight(),
                env -> env.fromRange(0, 3).keyBy(n -> 0).map(n -> n).sink(new Recorder("")));

        assertThat(calls).containsExactly("open", "accept 0", "accept 1", "accept 2", "prepare", "commit");
    }

    private void awaitCall(String wanted) throws InterruptedException {
        String call = "";
        while (!wanted.equals(call)) {
            call = calls.poll(PlainJob.LIMIT.toSeconds(), TimeUnit.SECONDS);
            assertThat(call).isNotNull();
        }
    }

    private static void awaitWhateverComes(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException ignored) {
                assertThat(ignored).isNotNull();
            }
        }
    }

    /** Notes its calls, and throws in one of them. */
    private final class Recorder implements Sink<Object> {
        private static final long serialVersionUID = 1;

        private final String failing;

        Recorder(String failing) {
            this.failing = failing;
        }

        @Override
        public void open() {
            note("open");
        }

        @Override
        public void accept(Object value) {
            note("accept " + value);
        }

        @Override
        public void prepare() {
            note("prepare");
        }

        @Override
        public void commit() {
            note("commit");
        }

        @Override
        public void abort() {
            note("abort");
        }

        private void note(String call) {
            calls.add(call);
            if (call.equals(failing)) {
                throw new IllegalStateException(call + " does not work");
            }
        }
    }
}
