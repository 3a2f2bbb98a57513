package dev.sage.ray.gateway;

import io.ray.api.exception.RayActorException;
import io.ray.api.exception.RayTimeoutException;
import java.time.Duration;

/** Kills an actor and sees it dead. Ray kills later than it says, and a call of the dead is what it refuses for certain. */
final class Killing {
    private Killing() {}

    /** Blocks no longer than the timeout; returns why the actor may still be there, or nothing. */
    static String killed(RemoteActor actor, Duration timeout) {
        long end = System.nanoTime() + timeout.toNanos();
        try {
            while (true) {
                actor.handle().kill(true);
                long left =
                        Math.max(1, Duration.ofNanos(end - System.nanoTime()).toMillis());
                // An answer means that the call was faster than its death.
                actor.ready().get(left);
                if (System.nanoTime() - end >= 0) {
                    return "Ray did not end it within " + timeout;
                }
            }
        } catch (RayActorException dead) {
            return "";
        } catch (RayTimeoutException late) {
            return "Ray did not confirm its end within " + timeout;
        } catch (RuntimeException e) {
            return "it could not be killed: " + RayErrors.failure(e).describe();
        }
    }
}
