package dev.sage.api;

import java.time.Duration;

/**
 * What becomes of a service that dies while it runs, see {@link ServiceContext#failed}: it is given up, or stopped, cleaned
 * up and made anew. Only a service that ran is made anew: a first start that fails, or one that fails during a restart,
 * fails for good.
 *
 * @param restarts how many within {@code within}; one death more is final
 * @param within the time over which restarts are counted
 * @param callsWait whether calls wait for the new instance, at most until the service's call timeout; if not, they fail
 *     at once with the code {@code service.restarting}
 */
public record RestartPolicy(int restarts, Duration within, boolean callsWait) {
    private static final RestartPolicy NEVER = new RestartPolicy(0, Duration.ZERO, true);

    public RestartPolicy {
        if (restarts < 0) {
            throw new InvalidGraphException(
                    "A restart policy allows " + restarts + " restarts; it must be at least 0, which is never().");
        }
        if (restarts > 0 && (within.isNegative() || within.isZero())) {
            throw new InvalidGraphException("A restart policy counts its restarts within " + within
                    + "; the time must be positive, for example Duration.ofMinutes(1).");
        }
    }

    /** The first death is final. The default. */
    public static RestartPolicy never() {
        return NEVER;
    }

    /** At most this many restarts within this time; calls wait for the new instance. */
    public static RestartPolicy upTo(int restarts, Duration within) {
        return new RestartPolicy(restarts, within, true);
    }

    /** The same policy, with calls that fail at once during a restart. */
    public RestartPolicy callsFail() {
        return new RestartPolicy(restarts, within, false);
    }
}
