package dev.sage.runtime.local;

import dev.sage.api.LocalEnvironment;
import dev.sage.api.spi.LocalRuntimeProvider;
import dev.sage.runtime.config.SageSettings;
import dev.sage.runtime.node.NodeSeam;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Makes environments that run jobs in this JVM. */
public final class LocalProvider implements LocalRuntimeProvider {
    private static final Set<LocalNode> NODES = ConcurrentHashMap.newKeySet();

    @Override
    public LocalEnvironment create(String name, Map<String, ?> settings) {
        return create(name, settings, NodeSeam.NONE);
    }

    /** For the test kit. */
    public LocalEnvironment create(String name, Map<String, ?> settings, NodeSeam seam) {
        LocalNode node = LocalNode.start(name, SageSettings.load(settings), seam, "its environment was closed");
        NODES.add(node);
        node.terminated().thenRun(() -> NODES.remove(node));
        return new JvmEnvironment(name, node, seam);
    }

    @Override
    public void hurry() {
        NODES.forEach(LocalNode::hurry);
    }
}
