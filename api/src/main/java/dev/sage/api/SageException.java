package dev.sage.api;

import org.jspecify.annotations.Nullable;

/** The base of what Sage throws. The code is stable and meant for programs, the message for people. */
public class SageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String code;

    public SageException(String code, String message) {
        this(code, message, null);
    }

    public SageException(String code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** For example {@code graph.invalid}, {@code service.timeout}, {@code job.failed}. */
    public final String code() {
        return code;
    }
}
