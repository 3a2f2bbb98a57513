package dev.sage.runtime.core.schedule;

import java.time.Duration;
import java.util.Comparator;

/**
 * The place of a job in the line. The order by priority + waited / ageing never changes between two jobs that both wait,
 * since both age alike; so it is the order of the time from which on a job of priority 0 would rank the same.
 *
 * @param sinceNs that time
 * @param number of the submission, for those of the same time
 */
record Rank(long sinceNs, long number) implements Comparable<Rank> {
    private static final Comparator<Rank> ORDER =
            Comparator.comparingLong(Rank::sinceNs).thenComparingLong(Rank::number);

    static Rank of(Submission submission, Duration ageing, long number) {
        return new Rank(submission.submittedNs() - submission.priority() * ageing.toNanos(), number);
    }

    @Override
    public int compareTo(Rank other) {
        return ORDER.compare(this, other);
    }
}
