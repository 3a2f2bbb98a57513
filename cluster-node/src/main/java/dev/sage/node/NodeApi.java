package dev.sage.node;

import dev.sage.api.CleanupReport;
import dev.sage.api.JobState;
import dev.sage.client.wire.DecisionView;
import dev.sage.client.wire.GpuView;
import dev.sage.client.wire.LedgerView;
import dev.sage.client.wire.NodeView;
import dev.sage.client.wire.ResourcesView;
import dev.sage.client.wire.ServiceView;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The node itself, for those who ask over HTTP. No method blocks; a stage fails with {@link NodeException}. */
public interface NodeApi {

    /** Why no jobs can be taken just now; empty when the node is ready. */
    CompletionStage<Optional<String>> notReady();

    CompletionStage<List<NodeView>> nodes();

    CompletionStage<ResourcesView> resources();

    /**
     * Gives this GPU to no further job, or to jobs again; who has it keeps it.
     *
     * @return {@code gpu.unknown} when the node has no such GPU
     */
    CompletionStage<GpuView> drain(int gpu, boolean drained);

    /** The last decisions on who runs and who waits, the newest first. */
    CompletionStage<List<DecisionView>> decisions(int limit);

    /** What is held outside of this process. */
    CompletionStage<List<LedgerView>> ledger();

    /** Kept and shared services. */
    CompletionStage<List<ServiceView>> services();

    /**
     * Stops a service and cleans it up.
     *
     * @param name see {@link ServiceView#name}; {@code service.unknown} when there is none
     */
    CompletionStage<CleanupReport> endService(String name);

    /** Live and finished jobs by state, for the metrics. */
    CompletionStage<Map<JobState, Long>> jobCounts();

    /** Begins a graceful end of the node and returns at once. */
    void stop();
}
