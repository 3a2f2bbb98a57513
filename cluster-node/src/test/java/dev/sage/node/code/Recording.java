package dev.sage.node.code;

import dev.sage.api.GraphEnvironment;
import dev.sage.api.JobHandle;
import dev.sage.api.KeptService;
import dev.sage.api.Resources;
import dev.sage.api.SubmitOptions;
import dev.sage.api.graph.JobGraph;
import dev.sage.api.graph.ServiceSpec;
import dev.sage.api.spi.ServiceCaller;
import java.util.List;

/** An environment that only takes the graph down, as a client does before it sends it. */
final class Recording extends GraphEnvironment {
    private JobGraph graph;

    Recording() {
        super("recording");
    }

    JobGraph graph() {
        submit(SubmitOptions.autostop());
        return graph;
    }

    @Override
    protected JobHandle submit(JobGraph submitted, SubmitOptions options) {
        graph = submitted;
        return null;
    }

    @Override
    public Resources resources() {
        throw new AssertionError("Nothing asks a client for its resources here.");
    }

    @Override
    public List<KeptService> keptServices() {
        return List.of();
    }

    @Override
    public void stop() {}

    @Override
    public void close() {}

    @Override
    protected String explain(JobGraph explained) {
        return "";
    }

    @Override
    protected ServiceCaller startShared(ServiceSpec service) {
        throw new AssertionError("A client does not start services.");
    }
}
