package dev.sage.cli;

import dev.sage.api.SageException;
import org.jspecify.annotations.Nullable;

/** Ends a command with a line on what failed, and with an exit code that tells scripts the same. */
public final class CommandFailure extends SageException {
    private static final long serialVersionUID = 1;

    private final int exitCode;

    public CommandFailure(int exitCode, String code, String message) {
        this(exitCode, code, message, null);
    }

    public CommandFailure(int exitCode, String code, String message, @Nullable Throwable cause) {
        super(code, message, cause);
        this.exitCode = exitCode;
    }

    public int exitCode() {
        return exitCode;
    }
}
