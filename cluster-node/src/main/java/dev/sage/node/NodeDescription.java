package dev.sage.node;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.sage.client.wire.NodeView;
import dev.sage.client.wire.Wire;
import dev.sage.runtime.process.SeenProcess;
import java.time.Instant;

/**
 * What {@code node.json} says, for whoever looks for the node of a home.
 *
 * @param startTicks of the process, as in {@code /proc/PID/stat}: another process of the same number has others
 */
record NodeDescription(long pid, long startTicks, String host, int port, String instance, Instant startedAt) {

    static byte[] of(NodeView node) {
        long ticks = SeenProcess.read(node.pid())
                .map(process -> process.identity().startTicks())
                .orElse(0L);
        try {
            return Wire.mapper()
                    .writeValueAsBytes(new NodeDescription(
                            node.pid(), ticks, node.host(), node.port(), node.instance(), node.startedAt()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A description can be written.", e);
        }
    }
}
