package dev.sage.api;

/** A graph that cannot run as it was built. Thrown to its author, before anything was started. */
public final class InvalidGraphException extends SageException {
    private static final long serialVersionUID = 1;

    public InvalidGraphException(String message) {
        super("graph.invalid", message);
    }
}
