package dev.sage.acceptance.graph;

import java.util.List;

/**
 * One operator of a graph.
 *
 * @param inputs the indices of the nodes that it reads
 */
record Node(int index, Step step, List<Integer> inputs, int parallelism) {
    Node {
        inputs = List.copyOf(inputs);
    }

    @Override
    public String toString() {
        return index + ": " + step + " × " + parallelism + (inputs.isEmpty() ? "" : " of " + inputs);
    }
}
