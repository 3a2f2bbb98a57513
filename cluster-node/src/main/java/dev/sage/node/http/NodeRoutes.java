package dev.sage.node.http;

import static dev.sage.node.http.Route.guarded;

import dev.sage.node.NodeApi;
import dev.sage.node.NodeException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/** The node, what it has to give, what it decided, and what it holds. */
final class NodeRoutes {
    private static final int DECISIONS = 100;
    private static final int MOST_DECISIONS = 10_000;
    private static final int MAX_GPU = 1_023;

    private final NodeApi node;

    NodeRoutes(NodeApi node) {
        this.node = node;
    }

    List<Route> routes() {
        return List.of(
                guarded("GET", "/v1/nodes", call -> node.nodes().thenApply(Call.ok())),
                guarded("GET", "/v1/resources", call -> node.resources().thenApply(Call.ok())),
                guarded("POST", "/v1/resources/gpus/{gpu}/drain", call -> drain(call, true)),
                guarded("POST", "/v1/resources/gpus/{gpu}/undrain", call -> drain(call, false)),
                guarded(
                        "GET",
                        "/v1/decisions",
                        call -> node.decisions((int) call.number("limit", 1, MOST_DECISIONS, DECISIONS))
                                .thenApply(Call.ok()),
                        "limit"),
                guarded("GET", "/v1/ledger", call -> node.ledger().thenApply(Call.ok())),
                guarded("GET", "/v1/services", call -> node.services().thenApply(Call.ok())),
                guarded("DELETE", "/v1/services/{name}", call -> end(call.serviceName())),
                guarded("DELETE", "/v1/services/{id}/{name}", call -> end(call.jobId() + "/" + call.name("name"))),
                guarded("POST", "/v1/node/stop", this::stop));
    }

    private CompletionStage<HttpResponse> drain(Call call, boolean drained) {
        String text = call.variable("gpu");
        int gpu = Call.parse(text, 0, MAX_GPU)
                .orElseThrow(() -> new NodeException(
                        NodeException.Kind.UNKNOWN,
                        "gpu.unknown",
                        "There is no GPU " + Call.printable(text) + ".",
                        "GET /v1/resources lists those of the node."))
                .intValue();
        return node.drain(gpu, drained).thenApply(Call.ok());
    }

    private CompletionStage<HttpResponse> end(String service) {
        return node.endService(service).thenApply(Call.ok());
    }

    private CompletionStage<HttpResponse> stop(Call call) {
        node.stop();
        return CompletableFuture.completedFuture(Replies.json(202, java.util.Map.of("status", "stopping")));
    }
}
