package dev.sage.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.api.JobHandle;
import dev.sage.api.JobResult;
import dev.sage.api.JobState;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.Results;
import dev.sage.api.SubmitOptions;
import dev.sage.testkit.Echo;
import dev.sage.testkit.LifecycleProbe;
import dev.sage.testkit.SageTest;
import org.junit.jupiter.api.Test;

/** What becomes of a job when its last task has ended. */
@SageTest
class AutostopTest {

    @Test
    void autostopJobEndsCompletedWithItsLastTask(LocalEnvironment env, LifecycleProbe probe)
            throws InterruptedException {
        env.service("index", probe.service("index"));
        Results<Long> numbers = env.fromRange(0, 100).collect();
        JobResult result = Jobs.end(env.submit(SubmitOptions.autostop()));
        assertThat(result.state()).isEqualTo(JobState.COMPLETED);
        assertThat(result.failure()).isEmpty();
        assertThat(result.clean()).isTrue();
        assertThat(numbers).hasSize(100);
        assertThat(probe.life("index")).livedWholly();
    }

    @Test
    void jobWithoutAutostopBecomesIdleAndItsServicesStayCallableUntilItIsStopped(
            LocalEnvironment env, LifecycleProbe probe) throws Exception {
        env.service("index", probe.service("index"));
        Results<Long> numbers = env.fromRange(0, 100).collect();
        JobHandle job = env.submit();
        job.awaitIdle();
        Jobs.awaitState(job, JobState.IDLE);
        assertThat(numbers).hasSize(100);
        assertThat(probe.life("index")).isRunning().wasNeverStopped();
        assertThat(job.service("index", Echo.class).echo("ping")).isEqualTo("ping");

        job.stop();
        JobResult result = Jobs.end(job);
        assertThat(result.state()).isEqualTo(JobState.STOPPED);
        assertThat(probe.life("index")).livedWholly();
    }

    @Test
    void jobOfServicesOnlyIsIdleFromItsStart(LocalEnvironment env, LifecycleProbe probe) throws Exception {
        env.service("index", probe.service("index"));
        JobHandle job = env.submit();
        Jobs.awaitState(job, JobState.IDLE);
        assertThat(job.service("index", Echo.class).echo(1)).isEqualTo(1);
        job.stop();
        assertThat(Jobs.end(job).state()).isEqualTo(JobState.STOPPED);
        assertThat(probe.life("index")).livedWholly();
    }

    @Test
    void emptySourceEndsAutostopJobToo(LocalEnvironment env) throws InterruptedException {
        Results<Long> numbers = env.fromRange(0, 0).parallelism(3).map(n -> n).collect();
        assertThat(env.run().state()).isEqualTo(JobState.COMPLETED);
        assertThat(numbers).isEmpty();
    }

    @Test
    void commandsAfterTheEndChangeNothing(LocalEnvironment env) throws InterruptedException {
        env.fromRange(0, 10).collect();
        JobHandle job = env.submit(SubmitOptions.autostop());
        JobResult result = job.awaitClean();
        job.cancel();
        job.stop();
        job.pause();
        assertThat(job.state()).isEqualTo(JobState.COMPLETED);
        assertThat(job.awaitClean()).isEqualTo(result);
    }
}
