package dev.sage.runtime.ray;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sage.api.SageException;
import dev.sage.runtime.core.ledger.Resource;
import dev.sage.runtime.resource.ActorEnder.Found;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClusterEnderTest {
    private static final Duration WITHIN = Duration.ofSeconds(1);

    @BeforeEach
    void clear() {
        FakeRay.clear();
    }

    @Test
    void withItsClusterAnActorIsGone() throws Exception {
        int port;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }
        Resource.RayActor actor = new Resource.RayActor("127.0.0.1:" + port, "sage", "a", false);
        assertThat(new ClusterEnder(way(Optional.empty()), WITHIN).end(Set.of(actor)))
                .isEqualTo(
                        Map.of(actor, new Found(true, "the cluster 127.0.0.1:" + port + " is gone, and it with that")));
    }

    @Test
    void aClusterThatLivesIsAsked() throws Exception {
        RayWay way = way(Optional.of(new FakeRay()));
        FakeRay.define("m.C", arguments -> "object");
        way.bridge()
                .create(new ActorSpec(
                        "left",
                        dev.sage.api.RayService.python("m", "C").code(),
                        java.util.List.of(),
                        dev.sage.api.Remote.remote(),
                        1,
                        null,
                        true,
                        WITHIN));
        try (ServerSocket cluster = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Resource.RayActor left = new Resource.RayActor("127.0.0.1:" + cluster.getLocalPort(), "sage", "left", true);
            assertThat(new ClusterEnder(way, WITHIN).end(Set.of(left))).isEqualTo(Map.of(left, new Found(true, "")));
        }
        assertThat(FakeRay.names()).isEmpty();
    }

    @Test
    void aClusterThatLivesIsLeftWhereNobodyCanAskIt() throws Exception {
        try (ServerSocket cluster = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Resource.RayActor left = new Resource.RayActor("127.0.0.1:" + cluster.getLocalPort(), "sage", "left", true);
            Found found = new ClusterEnder(way(Optional.empty()), WITHIN)
                    .end(Set.of(left))
                    .get(left);
            assertThat(found.gone()).isFalse();
            assertThat(found.reason()).contains("sage-ray-bridge");
        }
    }

    @Test
    void aMissingBridgeIsToldWithTheModuleThatHasIt() {
        assertThatThrownBy(way(Optional.empty())::require)
                .isInstanceOf(SageException.class)
                .hasMessageContaining("dev.sage:sage-ray-bridge")
                .extracting(thrown -> ((SageException) thrown).code())
                .isEqualTo("ray.missing");
    }

    private static RayWay way(Optional<RayBridgeProvider> provider) {
        return new RayWay(provider, new NoHost());
    }
}
