package dev.sage.runtime.core.ledger;

/**
 * One thing that is held.
 *
 * @param number of the entry in its ledger, from 1
 * @param job that it is held for, or of a service that outlived it; empty for a shared service
 * @param epoch the job's attempt
 * @param holder the service or operator that has it
 */
public record LedgerEntry(long number, String job, int epoch, String holder, Resource resource) {}
