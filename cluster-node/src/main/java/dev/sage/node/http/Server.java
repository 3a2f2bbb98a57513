package dev.sage.node.http;

import dev.sage.client.wire.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.model.headers.TimeoutAccess;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.BidiFlow;
import org.apache.pekko.stream.javadsl.Flow;

/** Answers every request, whatever happens: through the gate, by its route, or with a problem. */
final class Server {
    private static final List<HttpHeader> ALWAYS = List.of(
            RawHeader.create("X-Content-Type-Options", "nosniff"), RawHeader.create("Cache-Control", "no-store"));
    /** Those that may wait for user code, a disk, or a clean-up. */
    private static final Set<String> LONG = Set.of(
            "/v1/jobs/{id}/services/{name}/call",
            "/v1/artifacts/{sha256}",
            "/v1/services/{name}",
            "/v1/services/{id}/{name}");

    private final Router router;
    private final Gate gate;
    private final HttpSettings settings;
    private final HttpMetrics metrics;
    private final Materializer materializer;
    private final Connections connections = new Connections();

    Server(Router router, Gate gate, HttpSettings settings, HttpMetrics metrics, Materializer materializer) {
        this.router = router;
        this.gate = gate;
        this.settings = settings;
        this.metrics = metrics;
        this.materializer = materializer;
    }

    Connections connections() {
        return connections;
    }

    /** The requests of one connection, one after the other. Their end is told to streams that would write to nobody. */
    Flow<HttpRequest, HttpResponse, NotUsed> connection() {
        Flow<HttpRequest, HttpResponse, NotUsed> answers = Flow.fromMaterializer((ofConnection, attributes) -> {
                    CompletableFuture<Done> gone = new CompletableFuture<>();
                    return Flow.<HttpRequest>create()
                            .watchTermination((notUsed, end) -> {
                                var unused = end.whenCompleteAsync(
                                        (done, failure) -> gone.complete(Done.getInstance()),
                                        materializer.executionContext());
                                return notUsed;
                            })
                            .mapAsync(1, request -> answer(request, gone));
                })
                .mapMaterializedValue(later -> NotUsed.getInstance());
        return BidiFlow.fromGraph(new ConnectionEnd(settings.headWithin(), connections))
                .join(answers);
    }

    private CompletionStage<HttpResponse> answer(HttpRequest request, CompletionStage<Done> gone) {
        long began = System.nanoTime();
        Progress progress = new Progress();
        CompletionStage<HttpResponse> answer;
        try {
            answer = routed(request, progress, gone);
        } catch (RuntimeException e) {
            answer = CompletableFuture.failedFuture(e);
        }
        return answer.exceptionally(failure -> Problems.answer(failure, describe(request)))
                .thenApply(response -> {
                    progress.discardRest(request);
                    metrics.answered(
                            progress.route.equals("none")
                                    ? "any"
                                    : request.method().value(),
                            progress.route,
                            response.status().intValue(),
                            Duration.ofNanos(System.nanoTime() - began));
                    return response.addHeaders(ALWAYS);
                });
    }

    private CompletionStage<HttpResponse> routed(HttpRequest request, Progress progress, CompletionStage<Done> gone) {
        gate.checkRate(request);
        Router.Match match = router.find(request);
        Route route = match.route();
        progress.route = route.template();
        boundAnswer(request, LONG.contains(route.template()) ? settings.longAnswerWithin() : settings.answerWithin());
        String owner = route.open() ? "" : gate.owner(request);
        Call call = new Call(request, match, owner, settings, materializer, gone);
        progress.call = call;
        return route.handler().answer(call);
    }

    /** How far a request has come. */
    private final class Progress {
        private String route = "none";
        private @org.jspecify.annotations.Nullable Call call;

        void discardRest(HttpRequest request) {
            if (call == null) {
                Call.discard(request, settings, materializer);
            } else {
                call.discardRest();
            }
        }
    }

    private static void boundAnswer(HttpRequest request, Duration within) {
        request.getHeader(TimeoutAccess.class)
                .ifPresent(header -> header.timeoutAccess().update(within, late -> {
                    Problem problem = Refusal.TOO_LATE.problem(
                            describe(late) + " was not answered within " + within + ".",
                            "Ask whether it has taken effect, or raise sage.node.http.answer-within.");
                    return Problems.answer(problem, List.of());
                }));
    }

    private static String describe(HttpRequest request) {
        String path = request.getUri().path();
        return request.method().value() + " " + (path.length() <= 200 ? path : path.substring(0, 200) + "…");
    }
}
