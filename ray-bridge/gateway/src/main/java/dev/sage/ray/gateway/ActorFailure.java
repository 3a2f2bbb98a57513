package dev.sage.ray.gateway;

import dev.sage.ray.wire.Failure;
import dev.sage.ray.wire.Failure.Kind;

/** Something was not done, and why is known. */
final class ActorFailure extends Exception {
    private static final long serialVersionUID = 1;

    private final transient Failure failure;

    ActorFailure(Failure failure) {
        super(failure.describe());
        this.failure = failure;
    }

    ActorFailure(Kind kind, String message) {
        this(Failure.of(kind, message));
    }

    Failure failure() {
        return failure;
    }
}
