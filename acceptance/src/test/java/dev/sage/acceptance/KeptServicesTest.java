package dev.sage.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sage.api.CleanupReport;
import dev.sage.api.JobFailedException;
import dev.sage.api.JobHandle;
import dev.sage.api.JobResult;
import dev.sage.api.JobState;
import dev.sage.api.KeptService;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.Results;
import dev.sage.api.SubmitOptions;
import dev.sage.testkit.Echo;
import dev.sage.testkit.ExpectedLog;
import dev.sage.testkit.LifecycleProbe;
import dev.sage.testkit.LifecycleStep;
import dev.sage.testkit.SageTest;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Services that outlive their job on request, and who ends them. */
@SageTest
class KeptServicesTest {
    private static final SubmitOptions KEEP_INDEX = SubmitOptions.autostop().keepServices("index");

    @Test
    void completedJobKeepsTheNamedServiceAndCleansTheOthers(LocalEnvironment env, LifecycleProbe probe)
            throws InterruptedException {
        JobResult result = runJob(env, probe);
        assertThat(result.state()).isEqualTo(JobState.COMPLETED);
        assertThat(result.clean()).isTrue();
        assertThat(result.services().get("index").running()).isTrue();
        assertThat(result.cleanup().lines()).anySatisfy(line -> {
            assertThat(line.name()).isEqualTo("index");
            assertThat(line.outcome()).isEqualTo(CleanupReport.Outcome.KEPT);
            assertThat(line.reason()).isNotEmpty();
        });
        assertThat(env.keptServices()).extracting(KeptService::name).containsExactly(result.id() + "/index");
        assertThat(probe.life("index")).isRunning().wasNeverStopped();
        assertThat(probe.life("cache")).livedWholly();
    }

    @Test
    void keptServiceIsCalledByTheUserAndByLaterJobs(LocalEnvironment env, LifecycleProbe probe) throws Exception {
        runJob(env, probe);
        Echo kept = env.keptServices().get(0).as(Echo.class);
        assertThat(kept.echo("by the user")).isEqualTo("by the user");
        Results<Object> answers = env.fromRange(0, 3).map(kept::echo).collect();
        env.run();
        assertThat(answers).containsExactly(0L, 1L, 2L);
    }

    @Test
    void keptServiceIsEndedByName(LocalEnvironment env, LifecycleProbe probe) throws Exception {
        runJob(env, probe);
        KeptService kept = env.keptServices().get(0);
        Echo echo = kept.as(Echo.class);
        assertThat(kept.end().clean()).isTrue();
        assertThat(probe.life("index")).livedWholly();
        assertThat(env.keptServices()).isEmpty();
        assertThatThrownBy(() -> echo.echo("too late")).hasMessageContaining("index");
        assertThat(kept.end().clean()).isTrue();
        assertThat(probe.life("index")).wasCleanedUpOnce();
    }

    @Test
    @ExpectedLog("disk full")
    void failingCleanupOfAKeptServiceIsReportedToWhoeverEndsIt(LocalEnvironment env, LifecycleProbe probe)
            throws Exception {
        runJob(env, probe);
        probe.fail("index", LifecycleStep.CLEANUP, new IOException("disk full"));
        CleanupReport report = env.keptServices().get(0).end();
        assertThat(report.clean()).isFalse();
        assertThat(report.failures())
                .singleElement()
                .satisfies(line -> assertThat(line.toString()).contains("index", "disk full"));
    }

    @Test
    void keptServiceIsEndedWithItsEnvironment(LifecycleProbe probe) throws InterruptedException {
        try (LocalEnvironment own = LocalEnvironment.create("own")) {
            runJob(own, probe);
            assertThat(probe.life("index")).isRunning();
        }
        assertThat(probe.life("index")).livedWholly();
    }

    @Test
    void servicesOfTheSameNameAreKeptSideBySide(LocalEnvironment env, LifecycleProbe probe) throws Exception {
        JobResult first = runJob(env, probe);
        JobResult second = runJob(env, probe);
        assertThat(env.keptServices())
                .extracting(KeptService::name)
                .containsExactlyInAnyOrder(first.id() + "/index", second.id() + "/index");
    }

    @Test
    void failedJobKeepsNothing(LocalEnvironment env, LifecycleProbe probe) {
        env.service("index", probe.service("index"));
        env.fromRange(0, 10)
                .map(n -> {
                    throw new IOException("record " + n);
                })
                .collect();
        assertThatThrownBy(() -> env.run(KEEP_INDEX)).isInstanceOf(JobFailedException.class);
        assertThat(env.keptServices()).isEmpty();
        assertThat(probe.life("index")).livedWholly();
    }

    @Test
    void cancelledJobKeepsNothing(LocalEnvironment env, LifecycleProbe probe) throws InterruptedException {
        env.service("index", probe.service("index"));
        env.fromSource(Jobs.endless()).sink(n -> {});
        JobHandle job = env.submit(KEEP_INDEX);
        Jobs.awaitState(job, JobState.RUNNING);
        job.cancel();
        assertThat(Jobs.end(job).state()).isEqualTo(JobState.CANCELLED);
        assertThat(env.keptServices()).isEmpty();
        assertThat(probe.life("index")).livedWholly();
    }

    @Test
    void stoppedJobKeepsNothing(LocalEnvironment env, LifecycleProbe probe) throws InterruptedException {
        env.service("index", probe.service("index"));
        env.fromSource(Jobs.endless()).sink(n -> {});
        JobHandle job = env.submit(KEEP_INDEX);
        Jobs.awaitState(job, JobState.RUNNING);
        job.stop();
        assertThat(Jobs.end(job).state()).isEqualTo(JobState.STOPPED);
        assertThat(env.keptServices()).isEmpty();
        assertThat(probe.life("index")).livedWholly();
    }

    @Test
    void jobWhoseOtherServiceFailsItsCleanupKeepsNothing(LocalEnvironment env, LifecycleProbe probe) {
        probe.fail("cache", LifecycleStep.CLEANUP, new IOException("disk full"));
        assertThatThrownBy(() -> runJob(env, probe)).isInstanceOf(JobFailedException.class);
        assertThat(env.keptServices()).isEmpty();
        assertThat(probe.life("index")).livedWholly();
    }

    private static JobResult runJob(LocalEnvironment env, LifecycleProbe probe) throws InterruptedException {
        env.service("index", probe.service("index"));
        env.service("cache", probe.service("cache"));
        env.fromRange(0, 10).collect();
        return env.run(KEEP_INDEX);
    }
}
