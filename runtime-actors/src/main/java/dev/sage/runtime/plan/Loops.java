package dev.sage.runtime.plan;

import dev.sage.api.InvalidGraphException;
import dev.sage.api.graph.JobGraph;
import dev.sage.api.graph.Operator;
import dev.sage.api.graph.Partitioning;
import dev.sage.api.graph.Vertex;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Queue;
import java.util.TreeSet;

/** Finds the loops of a graph, and refuses those that could not end. */
final class Loops {
    private final JobGraph graph;
    private final List<List<Integer>> readers = new ArrayList<>();
    private final List<List<Integer>> inputs = new ArrayList<>();

    private Loops(JobGraph graph) {
        this.graph = graph;
        graph.vertices().forEach(vertex -> {
            readers.add(new ArrayList<>());
            inputs.add(new ArrayList<>());
        });
        graph.vertices()
                .forEach(vertex -> vertex.inputs().forEach(input -> {
                    readers.get(input.from()).add(vertex.id());
                    inputs.get(vertex.id()).add(input.from());
                }));
    }

    /** @param chainOf the chain of each vertex */
    static List<Loop> of(JobGraph graph, int[] chainOf) {
        Loops loops = new Loops(graph);
        List<Loop> found = new ArrayList<>();
        for (Vertex vertex : graph.vertices()) {
            if (vertex.operator() instanceof Operator.Feedback) {
                TreeSet<Integer> chains = new TreeSet<>();
                loops.membersOf(vertex).forEach(member -> chains.add(chainOf[member.id()]));
                found.add(new Loop(vertex.name(), chains));
            }
        }
        return found;
    }

    /** What is on a way from the head back to it. */
    private List<Vertex> membersOf(Vertex head) {
        BitSet members = reached(head, readers);
        members.and(reached(head, inputs));
        checkClosed(head, members);
        List<Vertex> found = members.stream().mapToObj(graph.vertices()::get).toList();
        found.forEach(member -> check(head, member));
        return found;
    }

    private static BitSet reached(Vertex head, List<List<Integer>> next) {
        BitSet reached = new BitSet();
        Queue<Integer> open = new ArrayDeque<>(List.of(head.id()));
        while (!open.isEmpty()) {
            int vertex = open.remove();
            if (!reached.get(vertex)) {
                reached.set(vertex);
                open.addAll(next.get(vertex));
            }
        }
        return reached;
    }

    private void checkClosed(Vertex head, BitSet members) {
        head.inputs().stream()
                .filter(input -> input.partitioning() instanceof Partitioning.Feedback)
                .filter(input -> !members.get(input.from()))
                .findFirst()
                .ifPresent(input -> {
                    throw new InvalidGraphException("Loop '" + head.name() + "' is closed with '"
                            + graph.vertices().get(input.from()).name()
                            + "', which does not come from it. Close it with a stream that is made from the loop, or"
                            + " use union.");
                });
    }

    private static void check(Vertex head, Vertex member) {
        if (member.operator() instanceof Operator.Feedback && member.id() != head.id()) {
            throw new InvalidGraphException("The loops '" + head.name() + "' and '" + member.name()
                    + "' go through each other. Close one before the other begins, or make one loop of both, whose"
                    + " records say how they go on.");
        }
        if (emitsAtEnd(member.operator())) {
            throw new InvalidGraphException("Operator '" + member.name() + "' is inside the loop '" + head.name()
                    + "' and emits at the end of its input, which comes only after the loop has ended. Put it behind the"
                    + " loop, on a stream that is not fed back.");
        }
    }

    private static boolean emitsAtEnd(Operator operator) {
        return operator instanceof Operator.AtEnd
                || (operator instanceof Operator.Pair pair && (emitsAtEnd(pair.first()) || emitsAtEnd(pair.second())));
    }
}
