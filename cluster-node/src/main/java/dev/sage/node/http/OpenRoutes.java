package dev.sage.node.http;

import static dev.sage.node.http.Route.guarded;
import static dev.sage.node.http.Route.open;

import dev.sage.node.NodeApi;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;

/** What says how the node is and what it can be asked, and the page; most of it without a token. */
final class OpenRoutes {
    private final NodeApi node;
    private final HttpMetrics metrics;
    private final Page page = Page.load();
    private final byte[] description = resource("openapi.yaml");
    private volatile boolean stopping;

    OpenRoutes(NodeApi node, HttpMetrics metrics) {
        this.node = node;
        this.metrics = metrics;
    }

    /** From now on the node is not ready. */
    void stopping() {
        stopping = true;
    }

    List<Route> routes() {
        return List.of(
                open("GET", "/", call -> done(page.answer())),
                open("GET", "/healthz", call -> done(Replies.json(200, Map.of("status", "ok")))),
                open("GET", "/readyz", call -> ready()),
                open("GET", "/openapi.yaml", call -> done(Replies.bytes(200, Replies.YAML, description))),
                guarded(
                        "GET",
                        "/metrics",
                        call -> node.jobCounts()
                                .thenApply(counts -> Replies.bytes(
                                        200,
                                        MediaTypes.TEXT_PLAIN.toContentType(
                                                org.apache.pekko.http.javadsl.model.HttpCharsets.UTF_8),
                                        metrics.scrape(counts).getBytes(StandardCharsets.UTF_8)))));
    }

    private CompletionStage<HttpResponse> ready() {
        if (stopping) {
            throw Refusal.STOPPING.because("The node is ending.", "Ask again when it was started anew.");
        }
        return node.notReady().thenApply(notReady -> {
            notReady.ifPresent(why -> {
                throw Refusal.NOT_READY.because(why, "Ask again in a second.");
            });
            return Replies.json(200, Map.of("status", "ready"));
        });
    }

    private static CompletionStage<HttpResponse> done(HttpResponse response) {
        return CompletableFuture.completedFuture(response);
    }

    static byte[] resource(String name) {
        try (InputStream in = OpenRoutes.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("The jar of the node lacks " + name + ".");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
