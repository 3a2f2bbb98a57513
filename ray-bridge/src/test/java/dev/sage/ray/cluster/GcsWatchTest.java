package dev.sage.ray.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class GcsWatchTest {
    @Test
    void aGcsThatIsGoneIsLostAfterTheGrace() throws Exception {
        ServerSocket gcs = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        try (GcsWatch watch = GcsWatch.begin(address(gcs), Duration.ofSeconds(1))) {
            Socket accepted = gcs.accept();
            gcs.close();
            accepted.close();
            assertThat(watch.lost().toCompletableFuture().get(20, TimeUnit.SECONDS))
                    .contains("Its GCS has been away for 1 s");
        }
    }

    @Test
    void aGcsThatEndsASilentConnectionIsConnectedToAgain() throws Exception {
        try (ServerSocket gcs = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                GcsWatch watch = GcsWatch.begin(address(gcs), Duration.ofMinutes(1))) {
            gcs.setSoTimeout(20_000);
            gcs.accept().close();
            gcs.accept().close();
            gcs.accept().close();
            assertThat(watch.lost().toCompletableFuture()).isNotDone();
        }
    }

    @Test
    void aWatchThatIsClosedTellsNothing() throws Exception {
        try (ServerSocket gcs = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            GcsWatch watch = GcsWatch.begin(address(gcs), Duration.ofMillis(1));
            try (Socket accepted = gcs.accept()) {
                watch.close();
                accepted.setSoTimeout(20_000);
                assertThat(accepted.getInputStream().read()).isEqualTo(-1);
            }
            assertThat(watch.lost().toCompletableFuture()).isNotDone();
        }
    }

    private static ClusterAddress address(ServerSocket gcs) {
        return new ClusterAddress("127.0.0.1", gcs.getLocalPort());
    }
}
