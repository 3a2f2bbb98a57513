package dev.sage.runtime.plan;

import dev.sage.api.graph.Vertex;
import java.util.List;
import java.util.stream.Stream;

/**
 * Operators that run together in one task, a record at a time: no queue and no thread is between them. Where the stream
 * forks inside the chain the operators form a tree.
 *
 * @param id its index in {@link Plan#chains}
 * @param name the names of its operators, shortened where they are many
 * @param parallelism how many tasks run it
 * @param vertices its operators, upstream first; the first one is its head, all others read from one inside the chain
 */
public record Chain(int id, String name, int parallelism, List<Vertex> vertices) {
    private static final int SHOWN_OPERATORS = 6;
    private static final String ARROW = " → ";

    public Chain {
        vertices = List.copyOf(vertices);
    }

    static Chain of(int id, List<Vertex> vertices) {
        return new Chain(
                id,
                joined(vertices.stream().map(Vertex::name).toList()),
                vertices.get(0).parallelism(),
                vertices);
    }

    public Vertex head() {
        return vertices.get(0);
    }

    /** The name of its tasks, that of the first operator. */
    public String taskName() {
        return head().name();
    }

    /** Those operators of this chain that read from one of its operators. */
    public List<Vertex> readersOf(Vertex vertex) {
        return vertices.stream()
                .skip(1)
                .filter(reader -> reader.inputs().get(0).from() == vertex.id())
                .toList();
    }

    private static String joined(List<String> names) {
        if (names.size() <= SHOWN_OPERATORS) {
            return String.join(ARROW, names);
        }
        int left = SHOWN_OPERATORS / 2;
        int right = SHOWN_OPERATORS - left - 1;
        String more = "… " + (names.size() - left - right) + " more …";
        return String.join(
                ARROW,
                Stream.of(names.subList(0, left), List.of(more), names.subList(names.size() - right, names.size()))
                        .flatMap(List::stream)
                        .toList());
    }
}
