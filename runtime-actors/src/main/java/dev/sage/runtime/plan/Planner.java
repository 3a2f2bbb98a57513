package dev.sage.runtime.plan;

import dev.sage.api.InvalidGraphException;
import dev.sage.api.graph.Input;
import dev.sage.api.graph.JobGraph;
import dev.sage.api.graph.Operator;
import dev.sage.api.graph.Partitioning;
import dev.sage.api.graph.Vertex;
import java.util.ArrayList;
import java.util.List;

/**
 * Decides which operators share a task. A chain is as long as it can be: a hand-over between tasks costs more than most
 * functions do, and a task that does more is no slower to stop.
 */
public final class Planner {
    private final JobGraph graph;
    private final int[] chainOf;
    private final List<List<Vertex>> members = new ArrayList<>();

    private Planner(JobGraph graph) {
        this.graph = graph;
        this.chainOf = new int[graph.vertices().size()];
    }

    /**
     * The plan of a graph.
     *
     * @param keyGroups into how many groups keys are hashed; a keyed operator can have no more instances
     * @throws InvalidGraphException when the graph cannot run
     */
    public static Plan plan(JobGraph graph, int keyGroups) {
        graph.vertices().forEach(vertex -> checkKeyed(vertex, keyGroups));
        graph.vertices().forEach(KeyTypes::check);
        return new Planner(graph).plan();
    }

    private Plan plan() {
        for (Vertex vertex : graph.vertices()) {
            if (headsTask(vertex)) {
                chainOf[vertex.id()] = members.size();
                members.add(new ArrayList<>());
            } else {
                chainOf[vertex.id()] = chainOf[vertex.inputs().get(0).from()];
            }
            members.get(chainOf[vertex.id()]).add(vertex);
        }
        List<Chain> chains = new ArrayList<>();
        members.forEach(vertices -> chains.add(Chain.of(chains.size(), vertices)));
        return new Plan(chains, exchanges(chains), Loops.of(graph, chainOf));
    }

    private boolean headsTask(Vertex vertex) {
        Operator operator = vertex.operator();
        boolean elsewhere = operator instanceof Operator.MapAsync
                || operator instanceof Operator.OnRay
                || operator instanceof Operator.KeyedOnRay;
        if (vertex.inputs().size() != 1 || elsewhere) {
            return true;
        }
        Input input = vertex.inputs().get(0);
        return !(input.partitioning() instanceof Partitioning.Direct)
                || graph.vertices().get(input.from()).parallelism() != vertex.parallelism();
    }

    private List<Exchange> exchanges(List<Chain> chains) {
        List<Exchange> exchanges = new ArrayList<>();
        for (Chain chain : chains) {
            Vertex head = chain.head();
            for (Input input : head.inputs()) {
                int from = input.from();
                exchanges.add(new Exchange(
                        exchanges.size(), from, chainOf[from], head.id(), chain.id(), input.partitioning()));
            }
        }
        return exchanges;
    }

    private static void checkKeyed(Vertex vertex, int keyGroups) {
        boolean keyed = vertex.inputs().stream().anyMatch(input -> input.partitioning() instanceof Partitioning.ByKey);
        if (keyed && vertex.parallelism() > keyGroups) {
            throw new InvalidGraphException("Operator '" + vertex.name() + "' reads by key and has parallelism "
                    + vertex.parallelism() + "; with " + keyGroups + " key groups it can be at most " + keyGroups
                    + ". Lower its parallelism, or raise sage.exchange.key-groups.");
        }
    }
}
