package dev.sage.ray.link;

import dev.sage.api.SageException;
import dev.sage.ray.wire.Failure;
import java.util.Locale;

/** What a request to Ray failed of. Its code is {@code ray.} and the kind of the failure: {@code ray.actor-died}. */
public final class RayCallException extends SageException {
    private static final long serialVersionUID = 1;

    private final transient Failure failure;

    public RayCallException(Failure failure) {
        super("ray." + failure.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'), failure.describe());
        this.failure = failure;
    }

    RayCallException(Failure.Kind kind, String message) {
        this(Failure.of(kind, message));
    }

    /** With the class, message and trace of what was thrown at Ray. */
    public Failure failure() {
        return failure;
    }
}
