package dev.sage.client.http;

/** Pauses between attempts. */
public final class Backoff {
    private static final long FIRST_MILLIS = 100;
    private static final long LONGEST_MILLIS = 5_000;

    private Backoff() {}

    /**
     * Doubles with each failure, from 0.1 to 5 s; half of it is left to chance, so that clients do not come in step.
     *
     * @param failures so far, from 1
     * @param chance from 0 to 1
     */
    public static long pauseMillis(int failures, double chance) {
        long longest = Math.min(LONGEST_MILLIS, FIRST_MILLIS << Math.min(failures - 1, 16));
        return longest / 2 + (long) (longest / 2.0 * chance);
    }
}
