package dev.sage.client.wire;

/**
 * One thing that is held outside of the node's process.
 *
 * @param number of the entry in its ledger, from 1
 * @param job that it is held for; empty for a shared service
 * @param attempt of the job
 * @param holder the service or operator that has it
 * @param kind as the ledger has it: a process, a GPU, a port, an actor of Ray
 * @param name the number of the port, the id of the GPU, the process
 */
public record LedgerView(long number, String job, int attempt, String holder, String kind, String name) {}
