package dev.sage.api.graph;

/** An edge, seen from the vertex that reads: from which vertex, and how the records find their instance. */
public record Input(int from, Partitioning partitioning) {}
