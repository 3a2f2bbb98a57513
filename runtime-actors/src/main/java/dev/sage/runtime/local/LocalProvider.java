package dev.sage.runtime.local;

import dev.sage.api.LocalEnvironment;
import dev.sage.api.spi.LocalRuntimeProvider;
import dev.sage.runtime.config.SageSettings;
import dev.sage.runtime.node.NodeSeam;
import java.util.Map;

/** Makes environments that run jobs in this JVM. */
public final class LocalProvider implements LocalRuntimeProvider {
    @Override
    public LocalEnvironment create(String name, Map<String, ?> settings) {
        return create(name, settings, NodeSeam.NONE);
    }

    /** For the test kit. */
    public LocalEnvironment create(String name, Map<String, ?> settings, NodeSeam seam) {
        return new JvmEnvironment(name, LocalNode.start(name, SageSettings.load(settings), seam), seam);
    }
}
