package dev.sage.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sage.api.JobCancelledException;
import dev.sage.api.JobHandle;
import dev.sage.api.JobResult;
import dev.sage.api.JobState;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.Next;
import dev.sage.api.SubmitOptions;
import dev.sage.testkit.Gate;
import dev.sage.testkit.LifecycleProbe;
import dev.sage.testkit.LifecycleStep;
import dev.sage.testkit.SageTest;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** A cancel wins from any state that is not terminal, and what was opened is undone. */
@SageTest
class CancelTest {

    @Test
    void cancelDuringStartingNeverEndsCompleted(LocalEnvironment env, LifecycleProbe probe)
            throws InterruptedException {
        Gate start = probe.hold("slow", LifecycleStep.START);
        env.service("slow", probe.service("slow"));
        RecordingSink<Long> sink = new RecordingSink<>();
        env.fromRange(0, 10).sink(sink);
        JobHandle job = env.submit(SubmitOptions.autostop());
        start.awaitReached();
        assertThat(job.state()).isEqualTo(JobState.STARTING);
        job.cancel();
        // The end of the start could overtake it.
        await().until(() -> job.state() != JobState.STARTING);
        start.open();
        JobResult result = Jobs.end(job);
        assertThat(result.state()).isEqualTo(JobState.CANCELLED);
        assertThat(result.clean()).isTrue();
        assertThat(sink.records()).isEmpty();
        assertThat(probe.life("slow")).wasCleanedUpOnce().completedCleanup();
    }

    @RepeatedTest(40)
    void cancelAtAnyMomentEndsInOneCleanTerminalState(
            RepetitionInfo repetition, LocalEnvironment env, LifecycleProbe probe) throws InterruptedException {
        env.service("index", probe.service("index"));
        RecordingSink<Long> sink = new RecordingSink<>();
        env.fromRange(0, 1000).parallelism(2).map(n -> n).sink(sink);
        JobHandle job = env.submit(SubmitOptions.autostop());
        LockSupport.parkNanos(repetition.getCurrentRepetition() * 100_000L);
        job.cancel();
        JobResult result = Jobs.end(job);
        assertThat(result.state()).isIn(JobState.CANCELLED, JobState.COMPLETED);
        assertThat(result.clean()).isTrue();
        if (result.state() == JobState.COMPLETED) {
            assertThat(sink.steps()).containsExactly("open", "prepare", "commit");
            assertThat(sink.records()).hasSize(1000);
        } else if (sink.steps().contains("open")) {
            assertThat(sink.steps()).last().isIn("abort", "commit");
        }
        assertThat(probe.life("index").facts().stream().distinct())
                .as("no step of life comes twice")
                .hasSameSizeAs(probe.life("index").facts());
        assertThat(probe.life("index")).isNotRunning();
    }

    @Test
    void cancelWhileRunningAbortsTheSinks(LocalEnvironment env, LifecycleProbe probe) throws InterruptedException {
        env.service("index", probe.service("index"));
        RecordingSink<Long> sink = new RecordingSink<>();
        env.fromSource(Jobs.endless()).parallelism(1).sink(sink);
        JobHandle job = env.submit();
        await().until(() -> sink.records().size() > 10);
        job.cancel();
        JobResult result = Jobs.end(job);
        assertThat(result.state()).isEqualTo(JobState.CANCELLED);
        assertThat(result.clean()).isTrue();
        assertThat(sink.steps()).containsExactly("open", "abort");
        assertThat(probe.life("index")).livedWholly();
    }

    @Test
    void cancelWhileIdleCleansTheServices(LocalEnvironment env, LifecycleProbe probe) throws InterruptedException {
        env.service("index", probe.service("index"));
        RecordingSink<Long> sink = new RecordingSink<>();
        env.fromRange(0, 10).sink(sink);
        JobHandle job = env.submit();
        Jobs.awaitState(job, JobState.IDLE);
        assertThat(sink.steps()).containsExactly("open", "prepare", "commit");
        job.cancel();
        assertThat(Jobs.end(job).state()).isEqualTo(JobState.CANCELLED);
        assertThat(probe.life("index")).livedWholly();
    }

    @Test
    void cancelInterruptsAFunctionThatBlocks(LocalEnvironment env) throws InterruptedException {
        try (Gate gate = Gate.closed("record 3")) {
            RecordingSink<Long> sink = new RecordingSink<>();
            env.fromRange(0, 10)
                    .map(n -> {
                        if (n == 3) {
                            gate.pass();
                        }
                        return n;
                    })
                    .sink(sink);
            JobHandle job = env.submit();
            gate.awaitReached();
            job.cancel();
            JobResult result = Jobs.end(job);
            assertThat(result.state()).isEqualTo(JobState.CANCELLED);
            assertThat(result.clean()).as(() -> result.cleanup().toString()).isTrue();
            assertThat(sink.steps()).containsExactly("open", "abort");
        }
    }

    @Test
    void cancelInterruptsASourceThatBlocks(LocalEnvironment env) throws InterruptedException {
        try (Gate gate = Gate.closed("next")) {
            env.fromSource(() -> {
                        gate.pass();
                        return Next.of(1);
                    })
                    .sink(n -> {});
            JobHandle job = env.submit();
            gate.awaitReached();
            job.cancel();
            assertThat(Jobs.end(job).state()).isEqualTo(JobState.CANCELLED);
        }
    }

    @Test
    void cancelOfAWaitingJobEndsItAtOnce(LifecycleProbe probe) throws InterruptedException {
        try (LocalEnvironment one = LocalEnvironment.create("one", Map.of("sage.job.max-running", 1))) {
            one.fromSource(Jobs.endless()).sink(n -> {});
            JobHandle running = one.submit();
            Jobs.awaitState(running, JobState.RUNNING);
            one.service("index", probe.service("index"));
            JobHandle waiting = one.submit();
            assertThat(waiting.state()).isEqualTo(JobState.QUEUED);
            waiting.cancel();
            assertThat(Jobs.end(waiting).state()).isEqualTo(JobState.CANCELLED);
            assertThat(probe.life("index").facts()).isEmpty();
            assertThat(running.state()).isEqualTo(JobState.RUNNING);
        }
    }

    @Test
    void runThrowsWhenSomebodyElseCancelsItsJob(LocalEnvironment env, LifecycleProbe probe) throws Exception {
        Gate start = probe.hold("slow", LifecycleStep.START);
        env.service("slow", probe.service("slow"));
        CompletableFuture<Void> closer = CompletableFuture.runAsync(() -> {
            try {
                start.awaitReached();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            env.close();
        });
        assertThatThrownBy(env::run)
                .isInstanceOfSatisfying(
                        JobCancelledException.class,
                        e -> assertThat(e.result().state()).isEqualTo(JobState.CANCELLED));
        closer.join();
    }
}
