package dev.sage.node.http;

import dev.sage.client.wire.Problem;
import java.util.List;
import org.apache.pekko.http.javadsl.model.HttpHeader;

/** Carries a problem to the place where answers are made. */
final class RefusedException extends RuntimeException {
    private final transient Problem problem;
    private final transient List<HttpHeader> headers;

    RefusedException(Problem problem, HttpHeader... headers) {
        // It is no defect of the node's: nobody reads its stack trace.
        super(problem.detail(), null, false, false);
        this.problem = problem;
        this.headers = List.of(headers);
    }

    Problem problem() {
        return problem;
    }

    List<HttpHeader> headers() {
        return headers;
    }
}
