package dev.sage.client.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the node has to give.
 *
 * @param portRange as it was configured; null when any free port may be given
 * @param ports that are given
 * @param waiting jobs that wait for their turn, the next one first
 */
public record ResourcesView(
        List<GpuView> gpus, @Nullable String portRange, List<PortView> ports, List<WaitingView> waiting) {

    /** A port that a job has. */
    public record PortView(int port, String job) {}

    /** A job that waits, and for what. */
    public record WaitingView(String job, String name, String owner, String reason) {}
}
