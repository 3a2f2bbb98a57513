package dev.sage.api.graph;

import java.util.List;

/**
 * One operator.
 *
 * @param id its index in {@link JobGraph#vertices}
 * @param name unique within the job
 */
public record Vertex(int id, String name, int parallelism, Operator operator, List<Input> inputs) {
    public Vertex {
        inputs = List.copyOf(inputs);
    }
}
