package dev.sage.api;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A line or row of a file is not what its source was told to expect. The source has read past it, so that one which is told
 * to go on after errors goes on with the next.
 */
public final class MalformedRecordException extends IOException {
    private static final long serialVersionUID = 1;

    private final String file;
    private final long offset;

    public MalformedRecordException(Path file, long offset, Throwable cause) {
        super(file + ", record at offset " + offset + ": " + reason(cause), cause);
        this.file = file.toString();
        this.offset = offset;
    }

    private static String reason(Throwable cause) {
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }

    /** As the source was given it, or found it by its pattern. */
    public Path file() {
        return Path.of(file);
    }

    /** Where the line or row begins, in bytes from the beginning of the file. */
    public long offset() {
        return offset;
    }
}
