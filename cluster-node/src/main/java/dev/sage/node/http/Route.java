package dev.sage.node.http;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/**
 * One thing that can be asked.
 *
 * @param template of the path, with {@code {name}} for what varies; as in openapi.yaml and in the metrics
 * @param open whether it is answered without a token
 * @param query the names of the query parameters that it knows
 */
record Route(String method, String template, boolean open, Set<String> query, Handler handler) {

    /** Answers, or throws or fails with what {@link Problems} knows. */
    @FunctionalInterface
    interface Handler {
        CompletionStage<HttpResponse> answer(Call call);
    }

    static Route guarded(String method, String template, Handler handler, String... query) {
        return new Route(method, template, false, Set.of(query), handler);
    }

    static Route open(String method, String template, Handler handler) {
        return new Route(method, template, true, Set.of(), handler);
    }

    List<String> segments() {
        return Router.segments(template);
    }
}
