package dev.sage.runtime.ray;

/** Makes the way to Ray; found by {@link java.util.ServiceLoader}, in the module {@code ray-bridge}. */
public interface RayBridgeProvider {
    /**
     * For one environment or node. Starts nothing, and touches no disk.
     *
     * @throws dev.sage.api.SageException with code {@code config.invalid} when its settings cannot be used
     */
    RayBridge bridge(RayHost host);
}
