package dev.sage.ray.wire;

/** A frame of more bytes than allowed; nothing was sent. */
public final class FrameTooLargeException extends RuntimeException {
    private static final long serialVersionUID = 1;

    FrameTooLargeException(long bytes, long maxBytes) {
        super("a message of " + bytes + " bytes, where at most " + maxBytes + " are allowed");
    }
}
