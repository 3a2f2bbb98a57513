package dev.sage.node;

import dev.sage.client.wire.Problem;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A request that cannot be answered; becomes a problem+json. Its message is the problem's detail. */
public final class NodeException extends RuntimeException {
    private final Kind kind;
    private final String code;
    private final String next;

    /** What went wrong, as HTTP sees it. */
    public enum Kind {
        INVALID(400, "Bad request"),
        UNAUTHORIZED(401, "No valid token"),
        FORBIDDEN(403, "Not allowed"),
        UNKNOWN(404, "Not found"),
        CONFLICT(409, "Not possible now"),
        TOO_LARGE(413, "Too large"),
        UNPROCESSABLE(422, "Cannot be run"),
        TOO_MANY(429, "Too many requests"),
        UNAVAILABLE(503, "Not available");

        private final int status;
        private final String title;

        Kind(int status, String title) {
            this.status = status;
            this.title = title;
        }

        public int status() {
            return status;
        }
    }

    /**
     * For the client.
     *
     * @param code stable, as {@code job.unknown}; programs depend on it, and openapi.yaml lists it
     * @param detail names the thing, the value and the bound
     * @param next what to do about it
     */
    public NodeException(Kind kind, String code, String detail, String next) {
        this(kind, code, detail, next, null);
    }

    public NodeException(Kind kind, String code, String detail, String next, @Nullable Throwable cause) {
        super(detail, cause);
        if (!code.equals(code.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException("A code is in lower case, not " + code + ".");
        }
        this.kind = kind;
        this.code = code;
        this.next = next;
    }

    public Kind kind() {
        return kind;
    }

    public String code() {
        return code;
    }

    /** What to do about it. */
    public String next() {
        return next;
    }

    public Problem problem() {
        return Problem.of(kind.status, code, kind.title, String.valueOf(getMessage()), next);
    }
}
