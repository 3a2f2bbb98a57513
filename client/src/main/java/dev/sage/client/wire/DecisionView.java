package dev.sage.client.wire;

import java.time.Instant;
import java.util.List;

/**
 * What was decided on a job's turn, and why.
 *
 * @param number from 1 since the start of the node
 * @param outcome {@code STARTED}, {@code BACKFILLED}, {@code WAITS}, {@code NOT_ACQUIRED} or {@code REFUSED}
 * @param candidates the GPUs that could have been given, each with what was found
 */
public record DecisionView(
        long number, Instant at, String job, String outcome, String reason, List<String> candidates) {}
