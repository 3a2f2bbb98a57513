package dev.sage.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sage.runtime.config.SageSettings;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who does not have the node's key does not get into its cluster port, on the same machine either. */
class ClusterPortTest {
    @TempDir
    Path folder;

    private ClusterKey key;
    private ActorSystem<Void> system;

    @BeforeEach
    void start() throws Exception {
        key = ClusterKey.in(folder);
        system = ActorSystem.create(
                Behaviors.empty(),
                "cluster",
                SageSettings.load(ClusterConfig.of(key, Duration.ZERO, Duration.ofSeconds(3)))
                        .config());
        Cluster cluster = Cluster.get(system);
        cluster.manager().tell(Join.create(cluster.selfMember().address()));
        await().atMost(Duration.ofSeconds(30))
                .until(() -> cluster.selfMember().status().equals(MemberStatus.up()));
    }

    @AfterEach
    void end() throws Exception {
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    @Test
    void keyIsMadeOnce() throws Exception {
        byte[] before = Files.readAllBytes(key.store());

        assertThat(ClusterKey.in(folder)).isEqualTo(key);
        assertThat(Files.readAllBytes(key.store())).isEqualTo(before);
    }

    @Test
    void onlyWhoShowsTheKeyIsLetIn() throws Exception {
        assertThatThrownBy(() -> firstByte(false)).isInstanceOf(SSLException.class);
        // The node waits for what this one has to say.
        assertThatThrownBy(() -> firstByte(true)).isInstanceOf(SocketTimeoutException.class);
    }

    private int firstByte(boolean withKey) throws Exception {
        KeyStore store =
                KeyStore.getInstance(key.store().toFile(), key.password().toCharArray());
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, key.password().toCharArray());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(withKey ? keys.getKeyManagers() : null, trust.getTrustManagers(), null);
        int port = Cluster.get(system).selfMember().address().getPort().get();
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
            socket.setSoTimeout(3_000);
            socket.startHandshake();
            return read(socket);
        }
    }

    private static int read(SSLSocket socket) throws IOException {
        InputStream in = socket.getInputStream();
        return in.read();
    }
}
