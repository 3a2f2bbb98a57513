package dev.sage.ray;

import dev.sage.api.PythonException;
import dev.sage.api.RayCode;
import dev.sage.api.SageException;
import dev.sage.api.ServiceException;
import dev.sage.ray.link.RayCallException;
import dev.sage.ray.wire.EnvelopeException;
import dev.sage.ray.wire.Failure;
import dev.sage.ray.wire.JavaObjects;
import dev.sage.runtime.ray.ActorSpec;

/** What callers see of what went wrong at Ray. */
final class Failures {
    private Failures() {}

    static SageException atStart(ActorSpec spec, RayCallException failed) {
        Failure failure = failed.failure();
        String subject = "The actor " + spec.name() + " of " + spec.code() + " ";
        return switch (failure.kind()) {
            case START, USER, METHOD, VALUE ->
                new SageException(
                        "ray.start",
                        subject + "could not be made: " + failure.describe()
                                + (failure.trace().isEmpty()
                                        ? ""
                                        : "\n" + failure.trace().strip()),
                        failed);
            case TIMEOUT, EXPIRED ->
                new SageException(
                        "ray.start",
                        subject + "was not made within " + spec.within() + ". Ray may have no room for it: it asks for "
                                + spec.needs().cpus() + " CPUs, " + spec.needs().gpus() + " GPUs"
                                + (spec.needs().resources().isEmpty()
                                        ? ""
                                        : " and " + spec.needs().resources())
                                + ". " + failure.message(),
                        failed);
            case ACTOR_DIED, NO_ACTOR ->
                new SageException("ray.start", subject + "died while it was made: " + failure.describe(), failed);
            case GATEWAY_LOST, RAY, FULL ->
                new SageException("ray.lost", subject + "was not made: " + failure.describe(), failed);
        };
    }

    /** Of a call. */
    static Throwable of(RayCode code, String actor, Failure failure, ClassLoader classes) {
        String subject = "Ray actor " + actor + " ";
        return switch (failure.kind()) {
            case USER, START -> thrown(code, subject, failure, classes);
            case METHOD -> new ServiceException("service.method", failure.message());
            case VALUE ->
                new ServiceException(
                        "service.not-serializable",
                        "An argument for " + subject + "or its answer cannot cross: " + failure.describe());
            case EXPIRED, TIMEOUT, FULL -> new ServiceException("service.timeout", failure.message());
            case ACTOR_DIED, NO_ACTOR -> new SageException("ray.actor-died", subject + "died: " + failure.describe());
            case GATEWAY_LOST ->
                new SageException("ray.actor-died", subject + "is gone with its gateway: " + failure.describe());
            case RAY -> new SageException("ray.failed", subject + "was not asked: " + failure.describe());
        };
    }

    private static Throwable thrown(RayCode code, String subject, Failure failure, ClassLoader classes) {
        if (code instanceof RayCode.Python) {
            return new PythonException(failure.type(), failure.message(), failure.trace());
        }
        if (failure.thrown().length > 0) {
            try {
                if (JavaObjects.read(failure.thrown(), classes) instanceof Throwable itself) {
                    return itself;
                }
            } catch (EnvelopeException onlyItsTextIsLeft) {
                // As if it had not been serializable.
            }
        }
        return new ServiceException(
                "service.failed",
                subject + "threw a " + failure.type() + ", which cannot be sent: " + failure.message() + "\n"
                        + failure.trace());
    }
}
