package dev.sage.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sage.api.JobHandle;
import dev.sage.api.JobState;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.Results;
import dev.sage.api.SageException;
import dev.sage.api.SubmitOptions;
import dev.sage.testkit.Gate;
import dev.sage.testkit.LeakFree;
import dev.sage.testkit.LifecycleProbe;
import dev.sage.testkit.LifecycleStep;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The end of an environment, with all that lives in it. */
@ExtendWith(LeakFree.class)
class CloseTest {
    private final LifecycleProbe probe = LifecycleProbe.create();

    @Test
    void closeCancelsLiveJobsAndReturnsWhenAllIsClean() throws InterruptedException {
        RecordingSink<Long> sink = new RecordingSink<>();
        JobHandle running;
        JobHandle idle;
        try (LocalEnvironment env = LocalEnvironment.create("close")) {
            env.service("index", probe.service("index"));
            env.fromSource(Jobs.endless()).sink(sink);
            running = env.submit();
            env.service("cache", probe.service("cache"));
            idle = env.submit();
            await().until(() -> sink.records().size() > 10);
            Jobs.awaitState(idle, JobState.IDLE);
        }
        assertThat(running.state()).isEqualTo(JobState.CANCELLED);
        assertThat(idle.state()).isEqualTo(JobState.CANCELLED);
        assertThat(running.result().toCompletableFuture()).isCompleted();
        assertThat(sink.steps()).containsExactly("open", "abort");
        assertThat(probe.life("index")).livedWholly();
        assertThat(probe.life("cache")).livedWholly();
    }

    @Test
    void closeWithoutAnyJobLeavesNothing() {
        LocalEnvironment.create("empty").close();
    }

    @Test
    void secondCloseDoesNothing() {
        LocalEnvironment env = LocalEnvironment.create("twice");
        env.close();
        env.close();
    }

    @Test
    void closesFromSeveralThreadsAllReturnWhenAllIsClean() throws Exception {
        LocalEnvironment env = LocalEnvironment.create("together");
        env.service("slow", probe.service("slow"));
        JobHandle job = env.submit();
        Jobs.awaitState(job, JobState.IDLE);
        try (Gate cleanup = probe.hold("slow", LifecycleStep.CLEANUP)) {
            CompletableFuture<Void> first = CompletableFuture.runAsync(env::close);
            cleanup.awaitReached();
            CompletableFuture<Void> second = CompletableFuture.runAsync(env::close);
            await().during(Duration.ofMillis(100)).until(() -> !second.isDone());
            cleanup.open();
            first.join();
            second.join();
        }
        assertThat(probe.life("slow")).livedWholly();
    }

    @Test
    void submitAfterCloseIsRefused() {
        LocalEnvironment env = LocalEnvironment.create("gone");
        env.close();
        env.service("index", probe.service("index"));
        assertThatThrownBy(env::submit)
                .isInstanceOfSatisfying(
                        SageException.class, e -> assertThat(e.code()).isEqualTo("environment.closed"))
                .hasMessageContaining("'gone'");
        assertThat(probe.life("index").facts()).isEmpty();
    }

    @Test
    void resultsAndHandlesStayReadableAfterClose() throws InterruptedException {
        Results<Long> numbers;
        JobHandle job;
        try (LocalEnvironment env = LocalEnvironment.create("readable")) {
            numbers = env.fromRange(0, 10).collect();
            job = env.submit(SubmitOptions.autostop());
            job.awaitClean();
        }
        assertThat(numbers).hasSize(10);
        assertThat(job.state()).isEqualTo(JobState.COMPLETED);
        assertThat(job.awaitClean().clean()).isTrue();
        assertThat(job.progress().tasks()).isNotEmpty();
    }

    @Test
    void stopDrainsAllJobsAndTheEnvironmentGoesOn() throws InterruptedException {
        try (LocalEnvironment env = LocalEnvironment.create("stop")) {
            RecordingSink<Long> sink = new RecordingSink<>();
            env.fromSource(Jobs.endless()).sink(sink);
            JobHandle running = env.submit();
            env.service("index", probe.service("index"));
            JobHandle idle = env.submit();
            await().until(() -> sink.records().size() > 10);
            env.stop();
            assertThat(running.state()).isEqualTo(JobState.STOPPED);
            assertThat(idle.state()).isEqualTo(JobState.STOPPED);
            assertThat(sink.steps()).containsExactly("open", "prepare", "commit");
            assertThat(probe.life("index")).livedWholly();

            Results<Long> numbers = env.fromRange(0, 10).collect();
            env.run();
            assertThat(numbers).hasSize(10);
        }
    }
}
