package dev.sage.node.job;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** The time in which the database cannot be used: since when, why, and after how long it is tried again. */
final class Outage {
    private final Instant since;
    private Throwable why;
    private final Duration retryAtMost;
    private Duration retryAfter;

    Outage(Throwable why, RegistrySettings settings, Clock clock) {
        this.why = why;
        this.since = clock.instant();
        this.retryAfter = settings.retryAfter();
        this.retryAtMost = settings.retryAfterAtMost();
    }

    Throwable why() {
        return why;
    }

    /**
     * It was tried again, in vain. What is said now counts: the library under the journal reports how its way back out of a
     * transaction failed, and not why it had to go back.
     *
     * @return whether that is another cause than before
     */
    boolean goesOn(Throwable failure) {
        boolean other = !rootMessage(failure).equals(rootMessage(why));
        why = failure;
        return other;
    }

    /** Each time longer, up to the bound. */
    Duration nextRetryAfter() {
        Duration next = retryAfter;
        Duration longer = retryAfter.multipliedBy(2);
        retryAfter = longer.compareTo(retryAtMost) > 0 ? retryAtMost : longer;
        return next;
    }

    /** For people. */
    String describe() {
        return "the database cannot be used since " + since + ": " + rootMessage(why);
    }

    static String rootMessage(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }
}
