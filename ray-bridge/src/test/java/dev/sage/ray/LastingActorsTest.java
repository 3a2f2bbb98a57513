package dev.sage.ray;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sage.api.CleanupReport;
import dev.sage.api.KeptService;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.RayEndpoint;
import dev.sage.api.RayService;
import dev.sage.api.ServiceRef;
import dev.sage.api.SubmitOptions;
import dev.sage.api.spi.RayControl;
import dev.sage.ray.cluster.ClusterSettings;
import dev.sage.ray.cluster.RayCluster;
import dev.sage.ray.cluster.RayClusters;
import dev.sage.ray.cluster.RayInstallation;
import dev.sage.ray.cluster.UserCluster;
import dev.sage.ray.link.Gateway;
import dev.sage.ray.wire.ActorSpec;
import dev.sage.ray.wire.Envelope;
import dev.sage.ray.wire.Message;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Kept and shared actors in a real cluster that outlives the programs, and that others use as well. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class LastingActorsTest {
    private static final Duration WITHIN = Duration.ofMinutes(1);

    @TempDir
    private static Path folder;

    private static Path home;
    private static Path python;
    private static TestHost host;
    private static RayCluster cluster;
    private static LocalEnvironment env;
    /** One that only looks, in the namespace of our home. */
    private static Gateway ours;

    interface Counting {
        long add(int n);
    }

    @BeforeAll
    static void up() throws Exception {
        home = folder.resolve("home");
        python = Files.writeString(folder.resolve("counter.py"), KeeperProgram.PYTHON);
        RayInstallation installation = TestRay.installation(RayInstallation.PINNED);
        new UserCluster()
                .up(
                        settings(),
                        new RayControl.Wanted(
                                Optional.empty(), Optional.of(installation.python()), 0, Optional.of(2), List.of()),
                        SILENT);
        host = new TestHost(home, Map.of());
        cluster = RayClusters.find(host, ClusterSettings.read(host.config()));
        env = LocalEnvironment.create("ours", settings());
        ours = gateway(Bridge.namespace(home));
    }

    @AfterAll
    static void down() throws Exception {
        try {
            env.close();
            assertThat(names(ours)).isEmpty();
        } finally {
            ours.close();
            cluster.close();
            host.close();
            new UserCluster().down(settings());
        }
    }

    private static Map<String, Object> settings() {
        return Map.of(
                "sage.home",
                home.toString(),
                "sage.ray.cluster.object-store-bytes",
                80_000_000,
                "sage.ray.cluster.ready-within",
                "180s");
    }

    private static Gateway gateway(String namespace) {
        return Gateway.start(Options.of(cluster, namespace, home), Clock.systemUTC(), (actor, why) -> {});
    }

    private static List<String> names(Gateway in) throws Exception {
        return in.list().toCompletableFuture().get(1, TimeUnit.MINUTES).stream()
                .map(Message.ActorState::name)
                .toList();
    }

    private static KeptService kept(LocalEnvironment by) throws Exception {
        by.service("counter", RayService.python(python.toString(), "Counter"));
        by.fromRange(0, 1).print();
        String name = by.run(SubmitOptions.autostop().keepServices("counter")).id() + "/counter";
        return by.keptServices().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aKeptActorIsReachedByTheNextGatewayWithWhatItKnewAndEndsByItsName() throws Exception {
        KeptService kept = kept(env);
        Counting counter = kept.as(Counting.class);
        assertThat(counter.add(1)).isEqualTo(1);

        ProcessHandle gateway = ProcessHandle.current()
                .children()
                .filter(child -> child.pid() != ours.pid())
                .filter(child -> child.info().commandLine().orElse("").contains("GatewayMain"))
                .findFirst()
                .orElseThrow();
        gateway.destroyForcibly();
        gateway.onExit().get(1, TimeUnit.MINUTES);

        await().atMost(WITHIN).ignoreExceptions().until(() -> counter.add(0) == 1);
        assertThat(counter.add(2)).isEqualTo(3);
        // As a later job sees it.
        var sums = env.fromCollection(List.of(1, 1)).map(counter::add).collect();
        env.run();
        assertThat(sums.list()).containsExactly(4L, 5L);

        CleanupReport report = kept.end();
        assertThat(report.lines())
                .filteredOn(line -> line.kind().equals("ray-actor"))
                .singleElement()
                .satisfies(line -> assertThat(line.reason()).startsWith("cleanup ok"));
        assertThat(names(ours)).noneMatch(name -> name.contains(kept.name().split("/")[0]));
    }

    @Test
    void aSharedActorServesSeveralJobsAndEndsWithItsEnvironment() throws Exception {
        try (LocalEnvironment other = LocalEnvironment.create("other", settings())) {
            ServiceRef<RayEndpoint> shared =
                    other.sharedService("counter", RayService.python(python.toString(), "Counter"));
            for (long expected = 1; expected <= 2; expected++) {
                var sums = other.fromCollection(List.of(1))
                        .map(n -> (Long) shared.call("add", n))
                        .collect();
                other.run();
                assertThat(sums.list()).containsExactly(expected);
            }
            assertThat(names(ours)).anyMatch(name -> name.startsWith("job_shared-counter-"));
        }
        assertThat(names(ours)).noneMatch(name -> name.startsWith("job_shared-counter-"));
    }

    @Test
    void ofAKilledKeeperASweepEndsWhatItKeptAndNothingThatOthersHave() throws Exception {
        KeptService ofALivingOne = kept(env);
        String living = "job_" + ofALivingOne.name().replace("/", "_1_");
        try (Gateway elsewhere = gateway(Bridge.namespace(folder.resolve("another-home")));
                Gateway strangers = gateway("default")) {
            for (Gateway foreign : List.of(elsewhere, strangers)) {
                make(foreign, "job_x_1_counter");
            }
            String left = "job_" + keptByAKilledProgram() + "_1_counter";
            assertThat(names(ours)).contains(left, living);
            ours.attach(left, 1).toCompletableFuture().get(1, TimeUnit.MINUTES);
            byte[] one = Envelope.write(List.of(1));
            assertThat(Envelope.read(ours.call(left, "add", one, WITHIN)
                            .toCompletableFuture()
                            .get(1, TimeUnit.MINUTES)))
                    .isEqualTo(1L);

            try (LocalEnvironment next = LocalEnvironment.create("next", settings())) {
                await().atMost(WITHIN).until(() -> !names(ours).contains(left));
                await().atMost(WITHIN)
                        .untilAsserted(() -> assertThat(home.resolve("ledger"))
                                .isDirectoryNotContaining(file -> !isOfThisJvm(file)));

                // Of an attempt before, and in no ledger any more.
                make(ours, "job_forgotten_0_counter");
                KeptService withAGateway = kept(next);
                await().atMost(WITHIN).until(() -> !names(ours).contains("job_forgotten_0_counter"));
                withAGateway.end();
            }
            assertThat(names(ours)).containsExactly(living);
            assertThat(ofALivingOne.as(Counting.class).add(7)).isEqualTo(7);
            ofALivingOne.end();
            for (Gateway foreign : List.of(elsewhere, strangers)) {
                assertThat(names(foreign)).containsExactly("job_x_1_counter");
                foreign.reap(List.of("job_x_1_counter"), WITHIN)
                        .toCompletableFuture()
                        .get(1, TimeUnit.MINUTES);
            }
        }
    }

    private static void make(Gateway by, String name) throws Exception {
        ActorSpec spec = ActorSpec.python(name, "counter", "Counter", List.of(python.toString()))
                .outliving();
        by.create(spec, WITHIN).toCompletableFuture().get(2, TimeUnit.MINUTES);
    }

    private static boolean isOfThisJvm(Path ledger) {
        return ledger.getFileName().toString().startsWith(host.instance());
    }

    /** Answers the id of the job. */
    private static String keptByAKilledProgram() throws Exception {
        Process program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KeeperProgram.class.getName(),
                        home.toString(),
                        python.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(program.getInputStream(), StandardCharsets.UTF_8))) {
            String line = lines.readLine();
            while (line != null && !line.startsWith("kept ")) {
                line = lines.readLine();
            }
            assertThat(line).isNotNull();
            List<ProcessHandle> all = program.toHandle().descendants().toList();
            program.destroyForcibly();
            await().atMost(WITHIN).until(() -> all.stream().noneMatch(ProcessHandle::isAlive));
            return line.substring("kept ".length());
        } finally {
            program.destroyForcibly();
        }
    }

    private static final RayControl.Progress SILENT = new RayControl.Progress() {
        @Override
        public void step(String what) {}

        @Override
        public void downloaded(long bytes, long total) {}
    };
}
