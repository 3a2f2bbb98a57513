package dev.sage.runtime.core.loop;

/**
 * Goes round a loop behind the records of each channel, to ask whether there still are any.
 *
 * @param round counts from 1; the same in all tasks of the loop
 * @param busy whether a task on the way here had taken a record since the last round
 */
public record LoopProbe(long round, boolean busy) {}
