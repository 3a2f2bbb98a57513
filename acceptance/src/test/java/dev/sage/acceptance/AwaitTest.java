package dev.sage.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sage.api.JobHandle;
import dev.sage.api.JobResult;
import dev.sage.api.JobState;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.ServiceException;
import dev.sage.api.SubmitOptions;
import dev.sage.testkit.Echo;
import dev.sage.testkit.Gate;
import dev.sage.testkit.LifecycleProbe;
import dev.sage.testkit.LifecycleStep;
import dev.sage.testkit.SageTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** What waiting for a job means. */
@SageTest
class AwaitTest {

    @Test
    void awaitCleanThrowsWhenTimeIsUpAndTheJobRunsOn(LocalEnvironment env) throws Exception {
        RecordingSink<Long> sink = new RecordingSink<>();
        env.fromSource(Jobs.endless()).sink(sink);
        JobHandle job = env.submit(SubmitOptions.autostop());
        Jobs.awaitState(job, JobState.RUNNING);
        assertThatThrownBy(() -> job.awaitClean(Duration.ofMillis(100)))
                .isInstanceOf(TimeoutException.class)
                .hasMessageContaining(job.id())
                .hasMessageContaining("RUNNING");
        assertThat(job.state()).isEqualTo(JobState.RUNNING);
        job.stop();
        assertThat(job.awaitClean(Duration.ofSeconds(20)).state()).isEqualTo(JobState.STOPPED);
        assertThat(sink.steps()).containsExactly("open", "prepare", "commit");
    }

    @Test
    void awaitIdleWaitsForTheTasksOnly(LocalEnvironment env, LifecycleProbe probe) throws InterruptedException {
        try (Gate cleanup = probe.hold("slow", LifecycleStep.CLEANUP)) {
            env.service("slow", probe.service("slow"));
            env.fromRange(0, 10).collect();
            JobHandle job = env.submit(SubmitOptions.autostop());
            job.awaitIdle();
            cleanup.awaitReached();
            assertThat(job.state().isTerminal()).isFalse();
        }
    }

    @Test
    void awaitIdleOfAFailedJobReturns(LocalEnvironment env) throws InterruptedException {
        env.fromRange(0, 10)
                .map(n -> {
                    throw new IllegalStateException("record " + n);
                })
                .collect();
        JobHandle job = env.submit();
        job.awaitIdle();
        assertThat(Jobs.end(job).state()).isEqualTo(JobState.FAILED);
        job.awaitIdle();
    }

    @Test
    void submitDoesNotWaitForTheStart(LocalEnvironment env, LifecycleProbe probe) throws InterruptedException {
        try (Gate init = probe.hold("slow", LifecycleStep.INIT)) {
            env.service("slow", probe.service("slow"));
            JobHandle job = env.submit(SubmitOptions.autostop());
            init.awaitReached();
            assertThat(job.state()).isEqualTo(JobState.STARTING);
            init.open();
            assertThat(Jobs.end(job).state()).isEqualTo(JobState.COMPLETED);
        }
    }

    @Test
    void resultIsDeliveredWhereBlockingIsAllowed(LocalEnvironment env) {
        env.fromRange(0, 10).collect();
        JobHandle first = env.submit(SubmitOptions.autostop());
        CompletableFuture<JobState> second = first.result()
                .thenApply(result -> {
                    env.fromRange(0, 10).collect();
                    try {
                        return env.run().state();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                })
                .toCompletableFuture();
        assertThat(second).succeedsWithin(Duration.ofSeconds(20)).isEqualTo(JobState.COMPLETED);
    }

    @Test
    void failedJobCompletesItsResultNormally(LocalEnvironment env) {
        env.fromRange(0, 10)
                .map(n -> {
                    throw new IllegalStateException("record " + n);
                })
                .collect();
        assertThat(env.submit().result().toCompletableFuture())
                .succeedsWithin(Duration.ofSeconds(20))
                .satisfies(result -> assertThat(result.state()).isEqualTo(JobState.FAILED));
    }

    @Test
    void manyThreadsThatWaitInAnyWayGetTheSameResult(LocalEnvironment env, LifecycleProbe probe) throws Exception {
        env.service("slow", probe.service("slow"));
        env.fromRange(0, 10).collect();
        JobHandle job = env.submit();
        Jobs.awaitState(job, JobState.IDLE);
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            List<Future<JobResult>> waiting = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                waiting.add(threads.submit(() -> job.awaitClean()));
                waiting.add(threads.submit(() -> job.awaitClean(Duration.ofSeconds(20))));
                waiting.add(job.result().toCompletableFuture());
            }
            assertThat(waiting).noneMatch(Future::isDone);
            job.stop();
            JobResult result = Jobs.end(job);
            for (Future<JobResult> waiter : waiting) {
                assertThat(waiter.get(20, TimeUnit.SECONDS)).isSameAs(result);
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void servicesOfAnIdleJobAnswerManyThreadsUntilTheJobIsStopped(LocalEnvironment env, LifecycleProbe probe)
            throws Exception {
        env.service("echo", probe.service("echo")).concurrent(4);
        env.fromRange(0, 10).collect();
        JobHandle job = env.submit();
        job.awaitIdle();
        Jobs.awaitState(job, JobState.IDLE);
        Echo echo = job.service("echo", Echo.class);
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            List<Future<Object>> answers = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                int n = i;
                answers.add(threads.submit(() -> echo.echo(n)));
            }
            for (int i = 0; i < 100; i++) {
                assertThat(answers.get(i).get(20, TimeUnit.SECONDS)).isEqualTo(i);
            }
        } finally {
            threads.shutdown();
        }
        job.stop();
        assertThat(Jobs.end(job).state()).isEqualTo(JobState.STOPPED);
        assertThatThrownBy(() -> echo.echo("too late")).isInstanceOf(ServiceException.class);
        assertThat(probe.life("echo")).livedWholly();
    }
}
