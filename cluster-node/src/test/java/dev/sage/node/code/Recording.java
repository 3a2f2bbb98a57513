package dev.sage.node.code;

import dev.sage.api.GraphEnvironment;
import dev.sage.api.JobHandle;
import dev.sage.api.SubmitOptions;
import dev.sage.api.graph.JobGraph;
import dev.sage.api.graph.ServiceSpec;
import dev.sage.api.spi.ServiceCaller;

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
