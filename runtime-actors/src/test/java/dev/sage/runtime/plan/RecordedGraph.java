package dev.sage.runtime.plan;

import dev.sage.api.GraphEnvironment;
import dev.sage.api.JobHandle;
import dev.sage.api.KeptService;
import dev.sage.api.Resources;
import dev.sage.api.SubmitOptions;
import dev.sage.api.graph.JobGraph;
import dev.sage.api.graph.ServiceSpec;
import dev.sage.api.spi.ServiceCaller;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** An environment that only records: tests build their graphs through the api, as users do. */
public final class RecordedGraph extends GraphEnvironment {
    private final AtomicReference<JobGraph> recorded = new AtomicReference<>();

    public RecordedGraph() {
        super("recorded");
    }

    public JobGraph graph() {
        explain();
        return recorded.get();
    }

    @Override
    protected ServiceCaller startShared(ServiceSpec service) {
        throw new UnsupportedOperationException("Nothing runs here.");
    }

    @Override
    protected String explain(JobGraph graph) {
        recorded.set(graph);
        return "";
    }

    @Override
    protected JobHandle submit(JobGraph graph, SubmitOptions options) {
        throw new UnsupportedOperationException("This environment only records.");
    }

    @Override
    public List<KeptService> keptServices() {
        return List.of();
    }

    @Override
    public Resources resources() {
        throw new UnsupportedOperationException("Nothing runs here.");
    }

    @Override
    public void stop() {}

    @Override
    public void close() {}
}
