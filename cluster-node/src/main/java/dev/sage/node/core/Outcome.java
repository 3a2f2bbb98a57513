package dev.sage.node.core;

import dev.sage.api.JobState;
import java.time.Instant;

/**
 * How a job came to its end.
 *
 * @param state a terminal one
 * @param cause empty when there is nothing to say
 * @param clean whether everything that it had was cleaned up
 * @param resultJson what the history keeps of its result, in whatever form the node reads again; empty for nothing
 * @param eventsJson the same of its events
 */
public record Outcome(
        JobState state, String cause, boolean clean, String resultJson, String eventsJson, Instant endedAt) {
    public Outcome {
        if (!state.isTerminal()) {
            throw new IllegalArgumentException("A job cannot end " + state + ".");
        }
    }
}
