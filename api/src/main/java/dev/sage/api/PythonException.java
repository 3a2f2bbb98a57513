package dev.sage.api;

/** What code of Python raised in an actor of Ray. */
public final class PythonException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String type;
    private final String traceback;

    /**
     * As it was told.
     *
     * @param type for example {@code ValueError}
     * @param message what {@code str} makes of it
     * @param traceback as Python prints it
     */
    public PythonException(String type, String message, String traceback) {
        super(message.isEmpty() ? type : type + ": " + message);
        this.type = type;
        this.traceback = traceback;
    }

    /** The name of its class, for example {@code ValueError}. */
    public String type() {
        return type;
    }

    /** As Python prints it; may be empty. */
    public String traceback() {
        return traceback;
    }
}
