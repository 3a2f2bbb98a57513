package dev.sage.ray;

import dev.sage.ray.cluster.ClusterAddress;
import dev.sage.ray.cluster.ClusterSettings;
import dev.sage.ray.cluster.RayCluster;
import dev.sage.ray.link.GatewayOptions;
import java.nio.file.Path;
import java.util.Optional;

/** How the gateway into a cluster is started. */
final class Options {
    private Options() {}

    /** A cluster that there is, or none. */
    static ClusterSettings withoutStart(ClusterSettings settings, Optional<ClusterAddress> address) {
        return new ClusterSettings(
                address,
                false,
                settings.python(),
                settings.installWithin(),
                settings.cpus(),
                settings.gpus(),
                settings.objectStoreBytes(),
                settings.readyWithin(),
                settings.stopWithin(),
                settings.answersWithin(),
                settings.lostAfter());
    }

    static GatewayOptions of(RayCluster cluster, String namespace, Path home) {
        return GatewayOptions.of(
                        cluster.installation().folder().resolve("jars"),
                        cluster.address().toString(),
                        namespace,
                        home.resolve("ray").resolve("gateway"))
                .at(cluster.nodeIp(), cluster.environment());
    }
}
