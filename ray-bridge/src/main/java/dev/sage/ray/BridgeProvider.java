package dev.sage.ray;

import dev.sage.ray.cluster.ClusterSettings;
import dev.sage.ray.link.GatewayLimits;
import dev.sage.runtime.ray.RayBridge;
import dev.sage.runtime.ray.RayBridgeProvider;
import dev.sage.runtime.ray.RayHost;

/** The bridge to real Ray. */
public final class BridgeProvider implements RayBridgeProvider {
    @Override
    public RayBridge bridge(RayHost host) {
        return new Bridge(host, ClusterSettings.read(host.config()), GatewayLimits.read(host.config()));
    }
}
