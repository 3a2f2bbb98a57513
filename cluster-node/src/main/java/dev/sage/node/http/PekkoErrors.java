package dev.sage.node.http;

import java.util.List;
import org.apache.pekko.event.LoggingAdapter;
import org.apache.pekko.http.ParsingErrorHandler;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.scaladsl.model.ErrorInfo;
import org.apache.pekko.http.scaladsl.model.StatusCode;
import org.apache.pekko.http.scaladsl.settings.ServerSettings;

/** What Pekko refuses before there is a request, as problems. Named in the settings of the server. */
final class PekkoErrors extends ParsingErrorHandler {
    /** Where Pekko looks for it: it takes the class for a Scala object. */
    static final PekkoErrors MODULE$ = new PekkoErrors();

    private PekkoErrors() {}

    @Override
    public HttpResponse handle(StatusCode status, ErrorInfo info, LoggingAdapter log, ServerSettings settings) {
        Refusal refusal = switch (status.intValue()) {
            case 413 -> Refusal.BODY_TOO_LARGE;
            case 414 -> Refusal.URI_TOO_LONG;
            case 431 -> Refusal.HEADER_TOO_LARGE;
            case 501 -> Refusal.METHOD_UNKNOWN;
            case 505 -> Refusal.HTTP_VERSION;
            default -> Refusal.MALFORMED;
        };
        // The detail may repeat what was sent; the summary does not.
        return Problems.answer(
                refusal.problem(info.summary() + ".", "Send what RFC 9112 describes, within the node's limits."),
                List.of());
    }
}
