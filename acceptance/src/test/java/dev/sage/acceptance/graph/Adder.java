package dev.sage.acceptance.graph;

/** The calls of {@link AddingService}. */
interface Adder {
    long add(long left, long right);
}
