package dev.sage.ray.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sage.api.SageException;
import dev.sage.ray.TestHost;
import dev.sage.ray.TestRay;
import dev.sage.runtime.core.ledger.LedgerEntry;
import dev.sage.runtime.core.ledger.Resource;
import dev.sage.runtime.process.ProcessMark;
import dev.sage.runtime.process.ProcessTable;
import dev.sage.runtime.process.SeenProcess;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("any-java")
class OwnClusterTest {
    @TempDir
    Path home;

    @Test
    void runsUntilItIsClosedAndThenNothingIsLeftOfIt() throws Exception {
        RayInstallation installation = TestRay.installation(RayInstallation.PINNED);
        try (TestHost host = new TestHost(home, TestRay.settings(installation))) {
            RayCluster cluster = start(host, installation);
            try (cluster) {
                assertThat(ClusterLook.at(
                                cluster.address(), installation, cluster.environment(), Duration.ofSeconds(15)))
                        .isEqualTo(new ClusterLook(RayInstallation.PINNED, List.of("127.0.0.1")));
                assertThat(processes(host)).hasSizeGreaterThan(3);
                assertThat(host.held())
                        .extracting(LedgerEntry::resource)
                        .hasSize(5)
                        .contains(new Resource.Gpu(2));
                assertThat(cluster.describe()).contains("GPUs [0, 1, 2, 3]");
                assertThatThrownBy(() -> start(host, installation))
                        .isInstanceOf(SageException.class)
                        .hasMessageContaining("is held by")
                        .hasMessageContaining("for 'ray-cluster'");
                assertThat(host.held()).hasSize(5);
            }
            assertThat(processes(host)).isEmpty();
            assertThat(host.held()).isEmpty();
            assertThat(folder(cluster)).doesNotExist();
            assertThat(Path.of(folder(cluster) + ".lock")).doesNotExist();
            new ServerSocket(cluster.address().port(), 1, InetAddress.getLoopbackAddress()).close();
            assertThat(cluster.lost().toCompletableFuture()).isNotDone();
        }
    }

    @Test
    void whoeverDoesNotKnowTheTokenIsRefused() throws Exception {
        RayInstallation installation = TestRay.installation(RayInstallation.PINNED);
        RayCluster cluster = TestRay.cluster();
        ClusterSettings settings = settings(installation);
        assertThatThrownBy(() -> RayClusters.connect(cluster.address(), settings, installation))
                .isInstanceOf(SageException.class)
                .hasMessageContaining("token is missing or incorrect");
    }

    @Test
    void theDeathOfItsNodeIsItsLossAndLeavesNothing() throws Exception {
        killed("/raylet");
    }

    @Test
    void theDeathOfItsGcsIsItsLossAndLeavesNothing() throws Exception {
        killed("/gcs_server");
    }

    @Test
    void theDeathOfItsFirstProcessIsItsLossAndLeavesNothing() throws Exception {
        killed("bin/python -u -c");
    }

    private void killed(String program) throws Exception {
        RayInstallation installation = TestRay.installation(RayInstallation.PINNED);
        try (TestHost host = new TestHost(home, TestRay.settings(installation))) {
            RayCluster cluster = start(host, installation);
            try (cluster) {
                SeenProcess victim = processes(host).stream()
                        .filter(process -> commandLine(process.pid()).contains(program))
                        .min((one, other) -> Long.compare(one.startTicks(), other.startTicks()))
                        .orElseThrow();
                ProcessHandle.of(victim.pid()).orElseThrow().destroyForcibly();
                SageException cause = cluster.lost().toCompletableFuture().get(15, TimeUnit.SECONDS);
                assertThat(cause)
                        .hasMessageContaining("The Ray cluster of our own at " + cluster.address() + " is lost");
            }
            assertThat(processes(host)).isEmpty();
            assertThat(folder(cluster)).doesNotExist();
            assertThat(host.held()).isEmpty();
        }
    }

    @Test
    void aPortThatIsTakenIsNamed() throws Exception {
        RayInstallation installation = TestRay.installation(RayInstallation.PINNED);
        try (TestHost host = new TestHost(home, TestRay.settings(installation));
                ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ClusterSpec spec = new ClusterSpec(installation, 1, List.of(), 80_000_000, taken.getLocalPort());
            assertThatThrownBy(() -> OwnCluster.start(host, spec, Duration.ofSeconds(60), Duration.ofSeconds(2)))
                    .isInstanceOf(SageException.class)
                    .hasMessageContaining(
                            "The port " + taken.getLocalPort() + ", which the Ray cluster is to have, is taken");
            assertThat(host.held()).isEmpty();
        }
    }

    private static RayCluster start(TestHost host, RayInstallation installation) throws Exception {
        return RayClusters.own(host, ClusterSettings.read(host.config()), installation);
    }

    private ClusterSettings settings(RayInstallation installation) {
        try (TestHost host = new TestHost(home, TestRay.settings(installation))) {
            return ClusterSettings.read(host.config());
        }
    }

    private static Path folder(RayCluster cluster) {
        return Path.of(cluster.environment().get("RAY_AUTH_TOKEN_PATH")).getParent();
    }

    private static List<SeenProcess> processes(TestHost host) {
        return ProcessTable.read().markedUnder(ProcessMark.ofInstance(host.instance()));
    }

    private static String commandLine(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/cmdline")).replace('\0', ' ');
        } catch (java.io.IOException ended) {
            return "";
        }
    }
}
