package dev.sage.runtime.core.schedule;

/**
 * A job that is to run.
 *
 * @param job its id, of which there is no other
 * @param owner the user that it counts for
 * @param priority the higher, the sooner; from -10,000 to 10,000
 * @param submittedNs the time, of any fixed origin
 */
public record Submission(String job, String owner, int priority, long submittedNs, Demand demand) {
    public Submission {
        if (Math.abs((long) priority) > 10_000) {
            throw new IllegalArgumentException(
                    "Job " + job + " has priority " + priority + ". Choose one from -10,000 to 10,000.");
        }
    }
}
