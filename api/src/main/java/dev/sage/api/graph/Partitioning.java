package dev.sage.api.graph;

import dev.sage.api.KeyFunction;

/** How the records of an edge find the instance that reads them. */
public sealed interface Partitioning {

    /** Instance i feeds instance i where both sides have the same parallelism; else round robin. */
    record Direct() implements Partitioning {}

    /** All records of a key go to the instance that owns its key group. */
    record ByKey(KeyFunction<?, ?> key) implements Partitioning {}

    /** From the end of a loop back to its head: round robin, and the only edge that may close a circle. */
    record Feedback() implements Partitioning {}

    /** Each record to the next instance in turn, also where both sides have the same parallelism. */
    record Rebalance() implements Partitioning {}

    /** Each record to every instance. */
    record Broadcast() implements Partitioning {}
}
