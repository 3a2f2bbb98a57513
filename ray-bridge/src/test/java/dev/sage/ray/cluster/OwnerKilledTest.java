package dev.sage.ray.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sage.ray.TestHost;
import dev.sage.ray.TestRay;
import dev.sage.runtime.process.ProcessTree;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnerKilledTest {
    @TempDir
    Path home;

    @Test
    void aKilledProgramLeavesNothingOfItsClusterAndTheNextSweepRemovesItsFolder() throws Exception {
        RayInstallation installation = TestRay.installation(RayInstallation.PINNED);
        Process owner = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Owner.class.getName(),
                        home.toString(),
                        installation.python().toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader lines = owner.inputReader()) {
            Path folder = Path.of(lines.lines()
                    .filter(line -> line.startsWith("/tmp/sage-ray-"))
                    .findFirst()
                    .orElseThrow());
            assertThat(ProcessTree.using(folder).members()).isNotEmpty();
            owner.destroyForcibly().waitFor();
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() ->
                            assertThat(ProcessTree.using(folder).members()).isEmpty());
            try (TestHost next = new TestHost(home, Map.of())) {
                next.takeGpus("next", List.of(0, 1, 2, 3));
                next.giveGpusBack("next");
                assertThat(next.held()).isEmpty();
            }
            assertThat(folder).exists();
            ClusterFolder.sweep();
            assertThat(folder).doesNotExist();
            assertThat(Path.of(folder + ".lock")).doesNotExist();
        } finally {
            owner.destroyForcibly();
        }
    }

    @Test
    void aSweepEndsWhoStillUsesTheFolderOfADeadOwnerAndSparesThoseOfTheLiving() throws Exception {
        try (ClusterFolder living = ClusterFolder.ofThisJvm()) {
            Path dead = Files.createDirectory(
                    ClusterFolder.base().resolve("test-" + living.path().getFileName()));
            Path lock = Files.createFile(Path.of(dead + ".lock"));
            // As Ray's agents: without a mark.
            Process user = new ProcessBuilder("sleep", "600")
                    .redirectOutput(dead.resolve("log").toFile())
                    .start();
            try {
                ClusterFolder.sweep();
                assertThat(user.waitFor(5, java.util.concurrent.TimeUnit.SECONDS))
                        .isTrue();
                assertThat(dead).doesNotExist();
                assertThat(lock).doesNotExist();
                assertThat(living.path()).exists();
            } finally {
                user.destroyForcibly();
            }
            living.remove();
            assertThat(living.path()).doesNotExist();
        }
    }

    /** A program that is killed. */
    static final class Owner {
        public static void main(String[] args) throws Exception {
            RayInstallation installation = RayInstallation.find(Path.of(args[1]));
            TestHost host = new TestHost(Path.of(args[0]), TestRay.settings(installation));
            RayCluster cluster = RayClusters.own(host, ClusterSettings.read(host.config()), installation);
            System.out.println(
                    Path.of(cluster.environment().get("RAY_AUTH_TOKEN_PATH")).getParent());
            new CountDownLatch(1).await();
        }
    }
}
