package dev.sage.benchmarks;

import dev.sage.api.SubmitOptions;
import dev.sage.api.spi.RecordedGraph;
import dev.sage.client.http.EventStream;
import dev.sage.client.http.NodeHttp;
import dev.sage.client.http.ServerSentEvent;
import dev.sage.client.ship.GraphCodec;
import dev.sage.client.wire.JobOptions;
import dev.sage.client.wire.JobSubmission;
import dev.sage.client.wire.JobView;
import dev.sage.client.wire.SageVersion;
import dev.sage.client.wire.ShippedCode;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A detached job as two requests: its submission, and the stream of its events until the last. */
final class BareJobs {
    private final NodeHttp http;
    private final JobSubmission submission;

    BareJobs(NodeHttp http) {
        this.http = http;
        RecordedGraph environment = new RecordedGraph("one-record");
        environment.fromRange(0, 1).collect();
        byte[] graph = GraphCodec.encode(environment.graph());
        this.submission = new JobSubmission(
                "one-record",
                JobOptions.of(SubmitOptions.autostop().detached()),
                new ShippedCode(
                        SageVersion.here(),
                        Runtime.version().feature(),
                        List.of(),
                        Base64.getEncoder().encodeToString(graph)),
                null);
    }

    void run() throws Exception {
        String id = http.post("/v1/jobs", submission, JobView.class).id();
        CompletableFuture<String> end = new CompletableFuture<>();
        http.events("/v1/jobs/" + id + "/events", 0, "events-" + id, listener(end));
        String last = end.get(30, TimeUnit.SECONDS);
        if (!last.contains("COMPLETED")) {
            throw new IllegalStateException("Job " + id + " ended as " + last);
        }
    }

    private static EventStream.Listener listener(CompletableFuture<String> end) {
        return new EventStream.Listener() {
            @Override
            public void event(ServerSentEvent event) {
                if (event.type().equals("ended")) {
                    end.complete(event.data());
                }
            }

            @Override
            public boolean enough() {
                return end.isDone();
            }
        };
    }
}
