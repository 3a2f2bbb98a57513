package dev.sage.ray;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sage.api.CleanupReport;
import dev.sage.api.JobHandle;
import dev.sage.api.JobResult;
import dev.sage.api.JobState;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.RayEndpoint;
import dev.sage.api.RayService;
import dev.sage.api.SubmitOptions;
import dev.sage.ray.VictimJob.Stage;
import dev.sage.ray.VictimJob.Standing;
import dev.sage.ray.cluster.RayInstallation;
import dev.sage.runtime.process.ProcessTree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Kills (-9) each part that a job with an actor depends on, in each stage of the job. Some of all pairs, or all of them with
 * {@code -Dsage.tests.nightly=true}. One environment goes through all of it.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@Tag("any-java")
class KillMatrixTest {
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(40);

    @TempDir
    private static Path folder;

    private static final Set<Path> clusters = new HashSet<>();
    private static Path home;
    private static LocalEnvironment env;

    private enum Victim {
        GATEWAY("gateway of the Ray cluster at 127.0.0.1:[0-9]+ is gone: exit code 137, killed by signal 9"),
        RAYLET("Ray cluster of our own at 127.0.0.1:[0-9]+ is lost: its raylet was killed by signal 9"),
        GCS("Ray cluster of our own at 127.0.0.1:[0-9]+ is lost: its gcs_server was killed by signal 9"),
        ACTOR("job_\\w+_1_victim.* died");

        final String cause;

        Victim(String cause) {
            this.cause = cause;
        }

        boolean takesItsCluster() {
            return this == RAYLET || this == GCS;
        }

        ProcessHandle of(RayParts parts, Standing actor) {
            return switch (this) {
                case GATEWAY -> parts.gateway();
                case RAYLET -> parts.raylet();
                case GCS -> parts.gcs();
                case ACTOR -> actor.process();
            };
        }
    }

    @BeforeAll
    static void start() throws Exception {
        home = folder.resolve("home");
        env = LocalEnvironment.create("kills", RayJobsTest.settings(home, RayInstallation.PINNED));
    }

    @AfterAll
    static void nothingIsLeft() throws Exception {
        RayParts last = RayParts.of(ProcessHandle.current(), home).orElseThrow();
        clusters.add(last.folder());
        env.close();
        assertThat(last.gateway().isAlive()).isFalse();
        for (Path cluster : clusters) {
            assertThat(ProcessTree.using(cluster).members()).isEmpty();
            assertThat(cluster).doesNotExist();
        }
        assertThat(home.resolve("ledger")).isEmptyDirectory();
    }

    static Stream<Arguments> pairs() {
        if (Boolean.getBoolean("sage.tests.nightly")) {
            return Stream.of(Victim.values())
                    .flatMap(victim -> Stream.of(Stage.values()).map(stage -> Arguments.of(victim, stage)));
        }
        return Stream.of(
                Arguments.of(Victim.ACTOR, Stage.START),
                Arguments.of(Victim.GATEWAY, Stage.CALLS),
                Arguments.of(Victim.GATEWAY, Stage.CLEAN_UP),
                Arguments.of(Victim.RAYLET, Stage.CLEAN_UP),
                Arguments.of(Victim.GCS, Stage.START));
    }

    @ParameterizedTest(name = "{0} in {1}")
    @MethodSource("pairs")
    void whateverIsKilledItsJobEndsWithThatCauseAndAllElseGoesOn(Victim victim, Stage stage) throws Exception {
        CountDownLatch runs = new CountDownLatch(1);
        CountDownLatch may = new CountDownLatch(1);
        JobHandle bystander = bystander(runs, may);
        assertThat(runs.await(1, TimeUnit.MINUTES)).isTrue();

        Path own = folder.resolve(victim + "-" + stage);
        VictimJob.prepared(own);
        VictimJob job = new VictimJob(own, stage);
        JobHandle submitted = job.submit(env);
        Standing actor = job.standing();
        RayParts parts = RayParts.of(ProcessHandle.current(), home).orElseThrow();
        clusters.add(parts.folder());
        ProcessHandle killed = victim.of(parts, actor);
        killed.destroyForcibly();

        JobResult result = submitted.result().toCompletableFuture().get(ENDS_WITHIN.toSeconds(), TimeUnit.SECONDS);
        if (stage != Stage.CLEAN_UP) {
            assertThat(result.state()).isEqualTo(JobState.FAILED);
            assertThat(result.failure().orElseThrow().describe()).containsPattern(victim.cause);
        } else {
            assertThat(result.state()).isEqualTo(JobState.STOPPED);
        }
        assertThat(result.clean()).as("%s", result.cleanup().lines()).isTrue();
        assertThat(result.cleanup().lines().stream().filter(line -> line.kind().equals("ray-actor")))
                .singleElement()
                .satisfies(line -> assertThat(line.outcome()).isEqualTo(CleanupReport.Outcome.RELEASED));

        assertThat(bystander.result().toCompletableFuture()).isNotDone();
        may.countDown();
        assertThat(bystander.awaitClean().clean()).isTrue();

        anActorWorks(env);
        RayParts now = RayParts.of(ProcessHandle.current(), home).orElseThrow();
        assertThat(now.folder().equals(parts.folder())).isEqualTo(!victim.takesItsCluster());
        assertThat(now.actors(TestRay.installation(RayInstallation.PINNED), folder.resolve("code")))
                .isEmpty();
        await().atMost(Duration.ofSeconds(10)).until(() -> !actor.process().isAlive());
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(actor.code()).doesNotExist());
    }

    @Test
    void aServiceThatMayBeMadeAnewSurvivesItsGateway() throws Exception {
        Path python = VictimJob.prepared(folder.resolve("anew"));
        RayEndpoint service = env.service(
                        "anew",
                        RayService.python(python.toString(), "Victim")
                                .args("", "")
                                .maxRestarts(1))
                .as(RayEndpoint.class);
        JobHandle job = env.submit();
        job.awaitIdle();
        Object before = service.call("work");
        RayParts.of(ProcessHandle.current(), home).orElseThrow().gateway().destroyForcibly();
        await().atMost(ENDS_WITHIN)
                .ignoreExceptions()
                .until(() -> !service.call("work").equals(before));
        job.stop();
        JobResult result = job.awaitClean();
        assertThat(result.clean()).as("%s", result.cleanup().lines()).isTrue();
        assertThat(result.cleanup().lines().stream().filter(line -> line.kind().equals("ray-actor")))
                .extracting(CleanupReport.Line::name)
                .containsExactlyInAnyOrder("anew", "anew~2");
    }

    static Stream<Stage> stages() {
        return Boolean.getBoolean("sage.tests.nightly") ? Stream.of(Stage.values()) : Stream.of(Stage.CALLS);
    }

    @ParameterizedTest
    @MethodSource("stages")
    void aKilledProgramLeavesNothingAndTheNextOneOfItsStateFolderHasARay(Stage stage, @TempDir Path own)
            throws Exception {
        Path otherHome = own.resolve("home");
        VictimJob.prepared(own);
        Process client = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        VictimJob.class.getName(),
                        otherHome.toString(),
                        TestRay.installation(RayInstallation.PINNED).python().toString(),
                        own.toString(),
                        stage.name())
                .redirectOutput(own.resolve("output").toFile())
                .redirectErrorStream(true)
                .start();
        Standing actor;
        RayParts parts;
        try {
            actor = new VictimJob(own, stage).standing();
            parts = RayParts.of(client.toHandle(), otherHome).orElseThrow();
        } finally {
            client.destroyForcibly().waitFor();
        }
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertThat(ProcessTree.using(parts.folder()).members()).isEmpty();
            assertThat(parts.gateway().isAlive()).isFalse();
            assertThat(actor.process().isAlive()).isFalse();
        });
        try (LocalEnvironment next =
                LocalEnvironment.create("next", RayJobsTest.settings(otherHome, RayInstallation.PINNED))) {
            anActorWorks(next);
            assertThat(parts.folder()).doesNotExist();
            assertThat(actor.code()).doesNotExist();
        }
        assertThat(otherHome.resolve("ledger")).isEmptyDirectory();
    }

    private static JobHandle bystander(CountDownLatch runs, CountDownLatch may) throws Exception {
        env.fromRange(0, 1)
                .map(n -> {
                    runs.countDown();
                    may.await();
                    return n;
                })
                .print();
        return env.submit(SubmitOptions.autostop());
    }

    private static void anActorWorks(LocalEnvironment env) throws Exception {
        Path python = VictimJob.prepared(Files.createDirectories(folder.resolve("next")));
        RayEndpoint next = env.service(
                        "next", RayService.python(python.toString(), "Victim").args("", ""))
                .as(RayEndpoint.class);
        var pids =
                env.fromRange(0, 1).map(n -> String.valueOf(next.call("work"))).collect();
        assertThat(env.run().clean()).isTrue();
        assertThat(pids.list()).hasSize(1);
    }
}
