package dev.sage.runtime.dataplane;

/** Leads a task that was given up out of whatever it was doing. Nobody is told of it. */
final class AbandonedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    AbandonedException() {
        super("abandoned", null, false, false);
    }
}
