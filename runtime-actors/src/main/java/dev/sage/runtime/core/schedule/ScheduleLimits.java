package dev.sage.runtime.core.schedule;

import java.time.Duration;

/**
 * What bounds a schedule.
 *
 * @param maxRunning jobs that have been placed and have not ended
 * @param maxWaiting jobs that wait; one more is refused
 * @param maxRunningOfOwner as {@code maxRunning}, of one owner
 * @param maxGpusOfOwner GPUs that are leased to the jobs of one owner, to those that ended included, until they are free
 * @param ageing a job that has waited for so long ranks with those that were just submitted with a priority of one more
 * @param decisionsKept how many of the last decisions can be read
 */
public record ScheduleLimits(
        int maxRunning, int maxWaiting, int maxRunningOfOwner, int maxGpusOfOwner, Duration ageing, int decisionsKept) {
    private static final Duration LONGEST = Duration.ofDays(1);

    public ScheduleLimits {
        atLeast("maxRunning", maxRunning, 1);
        atLeast("maxWaiting", maxWaiting, 0);
        atLeast("maxRunningOfOwner", maxRunningOfOwner, 1);
        atLeast("maxGpusOfOwner", maxGpusOfOwner, 0);
        atLeast("decisionsKept", decisionsKept, 0);
        if (ageing.isNegative() || ageing.isZero() || ageing.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "ageing is " + ageing + "; it must be above 0 and at most " + LONGEST + ".");
        }
    }

    private static void atLeast(String name, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(name + " is " + value + "; it must be " + least + " or more.");
        }
    }
}
