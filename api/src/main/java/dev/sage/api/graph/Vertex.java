package dev.sage.api.graph;

import dev.sage.api.ErrorPolicy;
import java.util.List;

/**
 * One operator.
 *
 * @param id its index in {@link JobGraph#vertices}
 * @param name unique within the job
 * @param onError for a record that its function throws at
 */
public record Vertex(int id, String name, int parallelism, Operator operator, List<Input> inputs, ErrorPolicy onError) {
    public Vertex {
        inputs = List.copyOf(inputs);
    }
}
