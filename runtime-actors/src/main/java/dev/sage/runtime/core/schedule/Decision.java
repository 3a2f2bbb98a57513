package dev.sage.runtime.core.schedule;

import java.util.List;

/**
 * What was decided on a job, and why. The same commands at the same times lead to the same decisions.
 *
 * @param number from 1
 * @param atNs the time of the command that led to it
 * @param candidates the GPUs, when the job asks for some, as they were before
 */
public record Decision(long number, long atNs, String job, Outcome outcome, String reason, List<Candidate> candidates) {

    public enum Outcome {
        /** Its turn had come. */
        STARTED,
        /** It started before the one whose turn it was, and took nothing that this one waits for. */
        BACKFILLED,
        WAITS,
        /** What was chosen for it could not be had; it is in the line again. */
        NOT_ACQUIRED,
        REFUSED
    }

    /**
     * One that could have been given.
     *
     * @param verdict "chosen", or why it was not
     */
    public record Candidate(Thing thing, String verdict) {
        @Override
        public String toString() {
            return thing + " " + verdict;
        }
    }

    public Decision {
        candidates = List.copyOf(candidates);
    }

    @Override
    public String toString() {
        return "#" + number + " at " + atNs + " ns: " + job + " " + outcome + ": " + reason
                + (candidates.isEmpty() ? "" : " " + candidates);
    }
}
