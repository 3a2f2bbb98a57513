package dev.sage.node.job;

import dev.sage.api.Environment;
import dev.sage.api.spi.RecordedGraph;
import dev.sage.client.ship.GraphCodec;
import dev.sage.client.wire.JobOptions;
import dev.sage.client.wire.JobSubmission;
import dev.sage.client.wire.SageVersion;
import dev.sage.client.wire.ShippedCode;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;

/** What a client sends of a pipeline that needs no classes but Sage's. */
public final class Pipelines {
    private Pipelines() {}

    public static JobSubmission of(Consumer<Environment> author) {
        RecordedGraph environment = new RecordedGraph("pipeline");
        author.accept(environment);
        return sent(GraphCodec.encode(environment.graph()));
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
}
