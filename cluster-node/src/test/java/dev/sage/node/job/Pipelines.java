package dev.sage.node.job;

import dev.sage.api.Environment;
import dev.sage.api.GraphEnvironment;
import dev.sage.api.JobHandle;
import dev.sage.api.KeptService;
import dev.sage.api.Resources;
import dev.sage.api.SubmitOptions;
import dev.sage.api.graph.JobGraph;
import dev.sage.api.graph.ServiceSpec;
import dev.sage.api.spi.ServiceCaller;
import dev.sage.client.ship.GraphCodec;
import dev.sage.client.wire.JobOptions;
import dev.sage.client.wire.JobSubmission;
import dev.sage.client.wire.SageVersion;
import dev.sage.client.wire.ShippedCode;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;

/** What a client sends of a pipeline that needs no classes but Sage's. */
public final class Pipelines extends GraphEnvironment {
    private JobGraph recorded;

    private Pipelines() {
        super("pipeline");
    }

    public static JobSubmission of(Consumer<Environment> author) {
        Pipelines environment = new Pipelines();
        author.accept(environment);
        environment.explain();
        return sent(GraphCodec.encode(environment.recorded));
    }

    public static JobSubmission sent(byte[] graph) {
        return new JobSubmission(
                "pipeline",
                new JobOptions(true, true, null, null, null, 0, 0, 0, null, null),
                new ShippedCode(
                        SageVersion.here(),
                        Runtime.version().feature(),
                        List.of(),
                        Base64.getEncoder().encodeToString(graph)),
                null);
    }

    @Override
    protected String explain(JobGraph graph) {
        recorded = graph;
        return "";
    }

    @Override
    protected JobHandle submit(JobGraph graph, SubmitOptions options) {
        throw new AssertionError("Graphs are only recorded here.");
    }

    @Override
    protected ServiceCaller startShared(ServiceSpec service) {
        throw new AssertionError("Graphs are only recorded here.");
    }

    @Override
    public List<KeptService> keptServices() {
        return List.of();
    }

    @Override
    public Resources resources() {
        throw new AssertionError("Graphs are only recorded here.");
    }

    @Override
    public void stop() {}

    @Override
    public void close() {}
}
