package dev.sage.ray.wire;

import org.jspecify.annotations.Nullable;

/**
 * A value that cannot cross, or bytes that are no value. The message says where in the value: {@code $.scores[3]} is the
 * fourth element of the field {@code scores}.
 */
public final class EnvelopeException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String problem;
    private final String path;

    /** Of the value itself. */
    public EnvelopeException(String problem) {
        this(problem, "", null);
    }

    EnvelopeException(String problem, Throwable cause) {
        this(problem, "", cause);
    }

    private EnvelopeException(String problem, String path, @Nullable Throwable cause) {
        super("$" + path + ": " + problem, cause);
        this.problem = problem;
        this.path = path;
    }

    /** As seen from what contains the value. */
    EnvelopeException within(String step) {
        EnvelopeException outer = new EnvelopeException(problem, step + path, getCause());
        outer.setStackTrace(getStackTrace());
        return outer;
    }
}
