package dev.sage.acceptance.graph;

import dev.sage.api.DataStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * A whole job: nodes, each after those that it reads, and the ends of streams.
 *
 * @param flows of the nodes, by their index, by sequential evaluation
 */
record Graph(List<Node> nodes, List<Flow> flows, List<EndOf> ends) {

    /** The end of the stream of a node. */
    record EndOf(int node, Ends.End end) {}

    Graph {
        nodes = List.copyOf(nodes);
        flows = List.copyOf(flows);
        ends = List.copyOf(ends);
    }

    /**
     * Builds it in Sage; what is answered checks the results once the job has completed. Of a job that is to be stopped,
     * what its sources had emitted by then must have been worked off.
     */
    List<Runnable> build(Site site) throws IOException {
        boolean stopped = site.toBeStopped();
        Map<Integer, List<Long>> emitted = new HashMap<>();
        List<DataStream<Long>> streams = new ArrayList<>();
        for (Node node : nodes) {
            List<DataStream<Long>> inputs =
                    node.inputs().stream().map(streams::get).toList();
            DataStream<Long> stream = node.step().build(site, inputs, node.parallelism());
            if (stopped && inputs.isEmpty()) {
                List<Long> records = Collections.synchronizedList(new ArrayList<>());
                emitted.put(node.index(), records);
                stream = stream.map(value -> {
                            records.add(value);
                            return value;
                        })
                        .parallelism(node.parallelism());
            }
            streams.add(stream);
        }
        List<Runnable> checks = new ArrayList<>();
        for (EndOf end : ends) {
            Supplier<List<Long>> records = end.end().build(site, streams.get(end.node()));
            checks.add(() -> {
                Flow expected = (stopped ? flowsOf(emitted) : flows).get(end.node());
                Ends.check(end.toString(), expected, end.end().parallelism(), records.get());
            });
        }
        return checks;
    }

    /** The flows of the same nodes, where the sources have emitted these records. */
    private List<Flow> flowsOf(Map<Integer, List<Long>> emitted) {
        List<Flow> evaluated = new ArrayList<>();
        for (Node node : nodes) {
            List<Flow> inputs = node.inputs().stream().map(evaluated::get).toList();
            List<Long> records = inputs.isEmpty()
                    ? emitted.getOrDefault(node.index(), List.of())
                    : node.step().evaluate(inputs.stream().map(Flow::records).toList());
            evaluated.add(new Flow(records, flows.get(node.index()).order(), node.parallelism()));
        }
        return evaluated;
    }

    /** Whether an instance of some operator reads from two or more instances of another one. */
    boolean hasParallelFanIn() {
        boolean betweenNodes = nodes.stream()
                .anyMatch(node -> node.inputs().stream()
                        .map(nodes::get)
                        .anyMatch(input -> input.parallelism() >= 2
                                && (node.step().isKeyed() || input.parallelism() != node.parallelism())));
        boolean atAnEnd = ends.stream().anyMatch(end -> {
            int parallelism = nodes.get(end.node()).parallelism();
            return parallelism >= 2 && end.end().parallelism() != parallelism;
        });
        return betweenNodes || atAnEnd;
    }

    @Override
    public String toString() {
        return nodes.stream()
                        .map(node -> "  " + node + ", "
                                + flows.get(node.index()).records().size() + " records, "
                                + flows.get(node.index()).order().kind() + "\n")
                        .collect(Collectors.joining())
                + ends.stream().map(end -> "  " + end + "\n").collect(Collectors.joining());
    }
}
