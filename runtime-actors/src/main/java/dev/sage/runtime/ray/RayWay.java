package dev.sage.runtime.ray;

import dev.sage.api.SageException;
import java.util.Optional;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/** The bridge of one environment or node, found when it is first needed. */
final class RayWay implements AutoCloseable {
    private final Optional<RayBridgeProvider> provider;
    private final RayHost host;
    private @Nullable RayBridge bridge;
    private boolean closed;

    RayWay(Optional<RayBridgeProvider> provider, RayHost host) {
        this.provider = provider;
        this.host = host;
    }

    static Optional<RayBridgeProvider> found() {
        return ServiceLoader.load(RayBridgeProvider.class, RayWay.class.getClassLoader())
                .findFirst();
    }

    /** Does not block. */
    RayBridgeProvider require() {
        return provider.orElseThrow(() -> new SageException(
                "ray.missing",
                "Actors of Ray were declared, and the module that speaks to Ray is not on the class path. Add"
                        + " dev.sage:sage-ray-bridge, in the version of sage-runtime-actors, or start the program by"
                        + " \"sage run\", which has it."));
    }

    synchronized RayBridge bridge() {
        if (closed) {
            throw new SageException(
                    "environment.closed", "The environment was closed and makes no more actors of Ray.");
        }
        RayBridge made = bridge;
        if (made == null) {
            made = require().bridge(host);
            bridge = made;
        }
        return made;
    }

    synchronized Optional<String> describe() {
        RayBridge made = bridge;
        return made == null ? Optional.empty() : made.describe();
    }

    /** Blocks. */
    @Override
    public void close() {
        RayBridge made;
        synchronized (this) {
            closed = true;
            made = bridge;
            bridge = null;
        }
        if (made != null) {
            made.close();
        }
    }
}
