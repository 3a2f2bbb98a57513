package dev.sage.api;

import java.util.List;

/**
 * A program that was run as a command ended with an exit code other than 0: the cause of the {@link JobFailedException} of
 * its job. Code {@code command.failed}.
 */
public final class CommandFailedException extends SageException {
    private static final long serialVersionUID = 1;

    private final int exitCode;
    private final List<String> lastLines;

    /**
     * Made by the runtime.
     *
     * @param lastLines of its output, the newest last
     */
    public CommandFailedException(String message, int exitCode, List<String> lastLines) {
        super("command.failed", message);
        this.exitCode = exitCode;
        this.lastLines = List.copyOf(lastLines);
    }

    /** 128 and the number of the signal for a program that was ended by one, as shells tell it. */
    public int exitCode() {
        return exitCode;
    }

    /** Of its output and errors, the newest last; at most {@code sage.process.output.last-lines}. */
    public List<String> lastLines() {
        return lastLines;
    }
}
