package dev.sage.api;

import java.time.Duration;

/** How fast a generator emits, over all its parallel instances together. */
public sealed interface Rate {
    /** As fast as what follows takes the records. */
    static Rate unlimited() {
        return new Unlimited();
    }

    /** So many records a second, 1 to 1,000,000,000. */
    static Rate perSecond(long records) {
        return new Of(records, Duration.ofSeconds(1));
    }

    /** One record in each such time. */
    static Rate every(Duration time) {
        return new Of(1, time);
    }

    record Unlimited() implements Rate {}

    /** Whole numbers, so that the rate stays exact however long a job runs. */
    record Of(long records, Duration time) implements Rate {
        private static final Duration LONGEST = Duration.ofDays(1);
        private static final long MOST_PRODUCT = 1_000_000_000_000_000_000L;

        public Of {
            if (time.isNegative() || time.isZero() || time.compareTo(LONGEST) > 0) {
                throw new InvalidGraphException(
                        "The time of a rate is " + time + "; it must be positive, and at most " + LONGEST + ".");
            }
            if (records < 1 || records > time.toNanos() || records > MOST_PRODUCT / time.toNanos()) {
                throw new InvalidGraphException("A rate is " + records + " records in " + time
                        + "; it must be at least 1, at most 1,000,000,000 a second, and records × nanoseconds at most"
                        + " 10^18. Give it for a shorter time, or use Rate.unlimited().");
            }
        }
    }
}
