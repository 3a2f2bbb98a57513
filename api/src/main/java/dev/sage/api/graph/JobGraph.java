package dev.sage.api.graph;

import java.util.List;

/**
 * What one job is to do.
 *
 * @param name of the environment that built it
 * @param vertices in an order in which each one follows those that it reads from, but for {@link Partitioning.Feedback}
 */
public record JobGraph(String name, List<Vertex> vertices, List<ServiceSpec> services) {
    public JobGraph {
        vertices = List.copyOf(vertices);
        services = List.copyOf(services);
    }
}
