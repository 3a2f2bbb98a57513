package dev.sage.ray.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sage.ray.TestRay;
import dev.sage.ray.cluster.RayInstallation;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The connection by which an actor in Python and its gateway see each other's end, with a gateway that is this test. */
class PythonLifelineTest {
    private static final String ACTOR = """
            import sys
            sys.path.insert(0, sys.argv[1])
            import sage_actor
            sage_actor.SAID_SECONDS = 1
            lifeline = {"host": "127.0.0.1", "port": int(sys.argv[2]), "token": "token"}
            sage_actor._end_with_gateway(sage_actor._connected(lifeline), lifeline)
            """;

    @TempDir
    private Path folder;

    @Test
    void isOneForAsLongAsNothingIsSaidIsMadeAnewWhenItBreaksAndItsRefusalEndsTheActor() throws Exception {
        try (ServerSocket gateway = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Process actor = new ProcessBuilder(
                            TestRay.installation(RayInstallation.PINNED)
                                    .python()
                                    .toString(),
                            "-c",
                            ACTOR,
                            GatewayCode.pythonFolder(folder).toString(),
                            String.valueOf(gateway.getLocalPort()))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try {
                gateway.setSoTimeout(60_000);
                try (Socket first = gateway.accept()) {
                    assertThat(said(first)).isEqualTo("token");
                    // Longer than what it says may take.
                    gateway.setSoTimeout(2_000);
                    assertThatThrownBy(gateway::accept).isInstanceOf(SocketTimeoutException.class);
                }
                gateway.setSoTimeout(60_000);
                try (Socket second = gateway.accept()) {
                    assertThat(said(second)).isEqualTo("token");
                }
                assertThat(actor.waitFor(60, TimeUnit.SECONDS)).isTrue();
                assertThat(actor.exitValue()).isEqualTo(1);
            } finally {
                actor.destroyForcibly().waitFor();
            }
        }
    }

    private static String said(Socket connection) throws Exception {
        return new String(connection.getInputStream().readNBytes("token".length()), StandardCharsets.US_ASCII);
    }
}
