package dev.sage.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sage.api.JobHandle;
import dev.sage.api.JobState;
import dev.sage.api.LocalEnvironment;
import dev.sage.testkit.Echo;
import dev.sage.testkit.LifecycleProbe;
import dev.sage.testkit.SageTest;
import org.junit.jupiter.api.Test;

/** A pause holds the sources, and nothing else. */
@SageTest
class PauseTest {

    @Test
    void pausedSourcesEmitNothingUntilResumedAndNothingIsLost(LocalEnvironment env) throws InterruptedException {
        RecordingSink<Long> sink = new RecordingSink<>();
        env.fromSource(Jobs.endless()).sink(sink);
        JobHandle job = env.submit();
        await().until(() -> sink.records().size() > 10);

        job.pause();
        Jobs.awaitState(job, JobState.PAUSED);
        long held = Jobs.awaitStill(sink);
        job.resume();
        Jobs.awaitState(job, JobState.RUNNING);
        await().until(() -> sink.records().size() > held + 10);
        job.stop();

        assertThat(Jobs.end(job).state()).isEqualTo(JobState.STOPPED);
        for (int i = 0; i < sink.records().size(); i++) {
            assertThat(sink.records().get(i)).isEqualTo(i);
        }
        assertThat(sink.steps()).containsExactly("open", "prepare", "commit");
    }

    @Test
    void servicesOfAPausedJobStayCallable(LocalEnvironment env, LifecycleProbe probe) throws Exception {
        env.service("index", probe.service("index"));
        env.fromSource(Jobs.endless()).sink(n -> {});
        JobHandle job = env.submit();
        Jobs.awaitState(job, JobState.RUNNING);
        job.pause();
        Jobs.awaitState(job, JobState.PAUSED);
        assertThat(job.service("index", Echo.class).echo("ping")).isEqualTo("ping");
        job.cancel();
        assertThat(Jobs.end(job).state()).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void stopOfAPausedJobDrainsIt(LocalEnvironment env) throws InterruptedException {
        RecordingSink<Long> sink = new RecordingSink<>();
        env.fromSource(Jobs.endless()).sink(sink);
        JobHandle job = env.submit();
        await().until(() -> sink.records().size() > 10);
        job.pause();
        Jobs.awaitState(job, JobState.PAUSED);
        job.stop();
        assertThat(Jobs.end(job).state()).isEqualTo(JobState.STOPPED);
        assertThat(sink.steps()).containsExactly("open", "prepare", "commit");
    }

    @Test
    void pauseOfAnIdleJobChangesNothing(LocalEnvironment env) throws InterruptedException {
        env.fromRange(0, 10).collect();
        JobHandle job = env.submit();
        Jobs.awaitState(job, JobState.IDLE);
        job.pause();
        job.resume();
        job.stop();
        assertThat(Jobs.end(job).state()).isEqualTo(JobState.STOPPED);
    }
}
