package dev.sage.ray;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sage.api.CleanupReport;
import dev.sage.api.JobHandle;
import dev.sage.api.JobResult;
import dev.sage.api.JobState;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.SubmitOptions;
import dev.sage.ray.VictimJob.Stage;
import dev.sage.ray.VictimJob.Standing;
import dev.sage.ray.cluster.RayInstallation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The GCS of a cluster is killed (-9) that a program has only connected to. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class LostGcsTest {
    @TempDir
    private Path folder;

    @Test
    void whoUsesTheClusterFailsWithThatCauseAndAllElseGoesOn() throws Exception {
        Path home = folder.resolve("home");
        RayInstallation installation = TestRay.installation(RayInstallation.PINNED);
        try (ForeignRay ray = ForeignRay.start(installation)) {
            CountDownLatch may = new CountDownLatch(1);
            Standing actor;
            ProcessHandle gateway;
            try (LocalEnvironment env = LocalEnvironment.create(
                    "connected",
                    Map.of(
                            "sage.home",
                            home.toString(),
                            "sage.ray.python",
                            installation.python().toString(),
                            "sage.ray.address",
                            ray.address(),
                            "sage.ray.lost-after",
                            "1s"))) {
                JobHandle bystander = bystander(env, may);
                VictimJob.prepared(folder);
                VictimJob job = new VictimJob(folder, Stage.CALLS);
                JobHandle submitted = job.submit(env);
                actor = job.standing();
                gateway = RayParts.gateway(ProcessHandle.current(), home).orElseThrow();

                ray.gcs().destroyForcibly();

                JobResult result = submitted.result().toCompletableFuture().get(1, TimeUnit.MINUTES);
                assertThat(result.state()).isEqualTo(JobState.FAILED);
                assertThat(result.failure().orElseThrow().describe())
                        .contains("The Ray cluster at " + ray.address() + " is lost. Its GCS has been away for ");
                assertThat(bystander.result().toCompletableFuture()).isNotDone();
                may.countDown();
                assertThat(bystander.awaitClean().clean()).isTrue();
                // Sooner than Ray, which gives up a lost GCS after a minute.
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> !actor.process().isAlive());
                assertThat(result.clean()).as("%s", result.cleanup().lines()).isTrue();
                assertThat(result.cleanup().lines().stream()
                                .filter(line -> line.kind().equals("ray-actor")))
                        .singleElement()
                        .satisfies(line -> assertThat(line.outcome()).isEqualTo(CleanupReport.Outcome.RELEASED));
            }
            assertThat(gateway.isAlive()).isFalse();
            await().atMost(Duration.ofSeconds(5))
                    .untilAsserted(() -> assertThat(actor.code()).doesNotExist());
            assertThat(home.resolve("ledger")).isEmptyDirectory();
        }
    }

    private static JobHandle bystander(LocalEnvironment env, CountDownLatch may) throws Exception {
        env.fromRange(0, 1)
                .map(n -> {
                    may.await();
                    return n;
                })
                .print();
        return env.submit(SubmitOptions.autostop());
    }
}
