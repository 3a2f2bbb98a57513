package dev.sage.api.spi;

import dev.sage.api.GraphEnvironment;
import dev.sage.api.JobHandle;
import dev.sage.api.KeptService;
import dev.sage.api.Resources;
import dev.sage.api.SubmitOptions;
import dev.sage.api.graph.JobGraph;
import dev.sage.api.graph.ServiceSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An environment that only takes down what its author declares: graphs for those who check, ship or submit them. */
public final class RecordedGraph extends GraphEnvironment {
    private @Nullable JobGraph recorded;

    public RecordedGraph(String name) {
        super(name);
    }

    /** What was declared by now; one that cannot be is refused as at a submission. */
    public JobGraph graph() {
        explain();
        JobGraph graph = recorded;
        if (graph == null) {
            throw new IllegalStateException("The graph was not recorded.");
        }
        return graph;
    }

    @Override
    protected String explain(JobGraph graph) {
        recorded = graph;
        return "";
    }

    @Override
    protected JobHandle submit(JobGraph graph, SubmitOptions options) {
        throw nothingRuns();
    }

    @Override
    protected ServiceCaller startShared(ServiceSpec service) {
        throw nothingRuns();
    }

    @Override
    public List<KeptService> keptServices() {
        return List.of();
    }

    @Override
    public Resources resources() {
        throw nothingRuns();
    }

    @Override
    public void stop() {}

    @Override
    public void close() {}

    private static UnsupportedOperationException nothingRuns() {
        return new UnsupportedOperationException("Nothing runs here: graphs are only recorded.");
    }
}
