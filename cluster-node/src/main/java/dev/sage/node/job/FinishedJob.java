package dev.sage.node.job;

import dev.sage.client.wire.JobView;

/** A job of the history, with the texts of its {@link dev.sage.node.core.Outcome}. */
public record FinishedJob(JobView view, String resultJson, String eventsJson) {}
