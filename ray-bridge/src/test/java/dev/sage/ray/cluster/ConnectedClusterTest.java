package dev.sage.ray.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sage.api.SageException;
import dev.sage.ray.TestRay;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("any-java")
class ConnectedClusterTest {
    private static final ClusterAddress ADDRESS = new ClusterAddress("10.0.0.5", 6379);
    private static final RayInstallation INSTALLATION =
            new RayInstallation(Path.of("/venv/bin/python"), "2.60.0", Path.of("/venv/ray"));

    @Test
    void aClusterOfAnotherVersionIsRefusedWithBothNamed() {
        assertThatThrownBy(() -> ConnectedCluster.requireVersion(ADDRESS, "2.39.0", INSTALLATION))
                .isInstanceOf(SageException.class)
                .hasMessageContaining("The Ray cluster at 10.0.0.5:6379 is of version 2.39.0")
                .hasMessageContaining("the Ray of /venv/bin/python is 2.60.0")
                .hasMessageContaining("name a Python that has ray==2.39.0");
        assertThatCode(() -> ConnectedCluster.requireVersion(ADDRESS, "2.60.0", INSTALLATION))
                .doesNotThrowAnyException();
    }

    @Test
    void aClusterWithoutANodeOnThisMachineIsRefusedWithHowToAddOne() {
        assertThatThrownBy(() -> ConnectedCluster.nodeHere(ADDRESS, List.of("198.51.100.1", "198.51.100.2")))
                .isInstanceOf(SageException.class)
                .hasMessageContaining("has no node on this machine, only on [198.51.100.1, 198.51.100.2]")
                .hasMessageContaining("ray start --address=10.0.0.5:6379");
        assertThat(ConnectedCluster.nodeHere(ADDRESS, List.of("198.51.100.1", "127.0.0.1")))
                .isEqualTo("127.0.0.1");
    }

    @Test
    void anAddressWhereNobodyListensIsNamed() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        ClusterAddress nobody = new ClusterAddress("127.0.0.1", port);
        assertThatThrownBy(() -> ConnectedCluster.connect(
                        nobody, INSTALLATION, Map.of(), Duration.ofSeconds(2), Duration.ofSeconds(2)))
                .isInstanceOf(SageException.class)
                .hasMessageContaining("No Ray cluster can be reached at " + nobody)
                .hasMessageContaining("sage ray up");
    }

    @Test
    void aClusterIsConnectedToAndNotEndedByClose() throws Exception {
        RayCluster own = TestRay.cluster();
        for (int time = 0; time < 2; time++) {
            try (RayCluster connected = ConnectedCluster.connect(
                    own.address(),
                    own.installation(),
                    own.environment(),
                    Duration.ofSeconds(15),
                    Duration.ofSeconds(2))) {
                assertThat(connected.nodeIp()).isEqualTo("127.0.0.1");
                assertThat(connected.owned()).isFalse();
            }
        }
        assertThat(own.lost().toCompletableFuture()).isNotDone();
    }
}
