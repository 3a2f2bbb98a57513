package dev.sage.acceptance.kill;

/**
 * One round of the kill test.
 *
 * @param afterMs how long after the moment has begun
 * @param withNeighbour whether another Sage program, which nobody kills, has one of the GPUs at the same time
 */
record Round(int number, Victim victim, Moment moment, int afterMs, boolean withNeighbour) {}
