package dev.sage.node.job;

import java.time.Duration;

/**
 * How the node treats jobs.
 *
 * @param leaseTimeToLive how long the hold of a client on its job lasts without being renewed
 * @param endedJobs how many jobs that have ended are kept in memory, for those who still follow them
 * @param outputLines how many lines of a job's output are kept in memory, for those who follow it
 * @param changes how many changes of jobs are kept in memory, for those who follow all jobs
 * @param progressInterval how often those are told what running jobs have done
 * @param journalGraphBytes up to which size a graph, in Base64, goes into the journal in place of a file; 0 for none
 * @param journalGraphsBytes how much they may take together, of all jobs that have not ended
 * @param finishWithin how long running jobs may go on when the node is stopped; zero for not at all
 */
public record JobSettings(
        Duration leaseTimeToLive,
        int endedJobs,
        int outputLines,
        int changes,
        Duration progressInterval,
        long journalGraphBytes,
        long journalGraphsBytes,
        Duration finishWithin) {}
