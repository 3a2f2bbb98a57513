package dev.sage.ray.gateway;

import dev.sage.ray.wire.Failure;
import dev.sage.ray.wire.Failure.Kind;
import io.ray.api.exception.PendingCallsLimitExceededException;
import io.ray.api.exception.RayActorException;
import io.ray.api.exception.RayTimeoutException;

/** What Ray threw, as a failure that Sage understands. */
final class RayErrors {
    private static final int MESSAGE_CHARACTERS = 2_000;

    private RayErrors() {}

    static Failure failure(Throwable thrown) {
        String message = thrown.getMessage() == null ? "" : thrown.getMessage();
        if (message.length() > MESSAGE_CHARACTERS) {
            message = message.substring(0, MESSAGE_CHARACTERS) + "…";
        }
        return new Failure(kind(thrown), thrown.getClass().getName(), message, "", new byte[0]);
    }

    /** Of a call of that actor. */
    static Failure failure(String actor, Throwable thrown) {
        Failure failure = failure(thrown);
        return new Failure(
                failure.kind(), failure.type(), "Ray actor " + actor + ": " + failure.message(), "", failure.thrown());
    }

    private static Kind kind(Throwable thrown) {
        if (thrown instanceof RayActorException) {
            return Kind.ACTOR_DIED;
        }
        if (thrown instanceof RayTimeoutException) {
            return Kind.TIMEOUT;
        }
        return thrown instanceof PendingCallsLimitExceededException ? Kind.FULL : Kind.RAY;
    }
}
