package dev.sage.node.http;

import dev.sage.client.wire.Problem;
import dev.sage.node.NodeException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.scaladsl.model.EntityStreamException;
import org.apache.pekko.http.scaladsl.model.EntityStreamSizeException;
import org.apache.pekko.http.scaladsl.model.IllegalUriException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes an answer of whatever went wrong. A client never sees a stack trace, only the id under which it is in the log. */
final class Problems {
    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);
    private static final ContentType.WithFixedCharset TYPE = MediaTypes.applicationWithFixedCharset(
                    "problem+json", org.apache.pekko.http.javadsl.model.HttpCharsets.UTF_8)
            .toContentType();

    private Problems() {}

    static HttpResponse answer(Throwable thrown, String request) {
        Throwable cause = thrown;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof RefusedException refused) {
            return answer(refused.problem(), refused.headers());
        }
        if (cause instanceof NodeException node) {
            return answer(node.problem(), List.of());
        }
        if (cause instanceof EntityStreamSizeException size) {
            return answer(tooLarge(size.limit()), List.of());
        }
        if (cause instanceof EntityStreamException) {
            return answer(
                    Refusal.BODY_BROKEN.problem(
                            "The body of " + request + " broke off: " + cause.getMessage(), "Send it again."),
                    List.of());
        }
        if (cause instanceof IllegalUriException) {
            return answer(
                    Refusal.MALFORMED.problem(
                            "The query of " + request + " cannot be read: " + cause.getMessage(),
                            "Percent-encode it in UTF-8."),
                    List.of());
        }
        String id = UUID.randomUUID().toString().substring(0, 8);
        LOG.error("{} failed, error {}", request, id, cause);
        return answer(
                Refusal.INTERNAL.problem(
                        "Sage failed at " + request + ", error " + id + ".",
                        "The log of the node tells more under " + id + "."),
                List.of());
    }

    static Problem tooLarge(long limit) {
        return Refusal.BODY_TOO_LARGE.problem(
                "The body has more than " + limit + " bytes.",
                "Send less, or raise the limit, sage.node.http.json-bytes, call-bytes or artifact-bytes.");
    }

    static HttpResponse answer(Problem problem, List<HttpHeader> headers) {
        return HttpResponse.create()
                .withStatus(StatusCodes.get(problem.status()))
                .addHeaders(headers)
                .withEntity(TYPE, Json.bytes(problem));
    }
}
