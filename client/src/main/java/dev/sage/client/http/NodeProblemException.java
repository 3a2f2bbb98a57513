package dev.sage.client.http;

import dev.sage.api.SageException;
import dev.sage.client.wire.Problem;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The node refused a request. The code is the node's, for example {@code job.unknown}; the message says what to do. */
public final class NodeProblemException extends SageException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String detail;
    private final @Nullable String next;

    public NodeProblemException(Problem problem) {
        super(problem.code(), problem.next() == null ? problem.detail() : problem.detail() + " " + problem.next());
        this.status = problem.status();
        this.detail = problem.detail();
        this.next = problem.next();
    }

    /** That of HTTP, for example 404. */
    public int status() {
        return status;
    }

    /** What is wrong, without the next step. */
    public String detail() {
        return detail;
    }

    /** What to do about it, where the node knows. */
    public Optional<String> next() {
        return Optional.ofNullable(next);
    }

    /** Whether the same request may be answered in another way a little later. */
    public boolean isPassing() {
        return status >= 500 || status == 408 || status == 429;
    }
}
