package dev.sage.runtime.plan;

import dev.sage.api.graph.Partitioning;
import java.util.List;

/** How a graph will run: which operators share a task, what connects the tasks, and where that makes a loop. */
public record Plan(List<Chain> chains, List<Exchange> exchanges, List<Loop> loops) {
    public Plan {
        chains = List.copyOf(chains);
        exchanges = List.copyOf(exchanges);
        loops = List.copyOf(loops);
    }

    public int taskCount() {
        return chains.stream().mapToInt(Chain::parallelism).sum();
    }

    /** The plan as text: a line for each chain, and below it a line for each exchange that leaves it. */
    public String describe() {
        StringBuilder text = new StringBuilder();
        text.append(count(taskCount(), "task")).append(" in ").append(count(chains.size(), "chain"));
        text.append(", ").append(count(exchanges.size(), "exchange")).append('\n');
        for (Chain chain : chains) {
            text.append("chain ").append(chain.id()).append(" ×").append(chain.parallelism());
            text.append(": ").append(chain.name()).append('\n');
            exchanges.stream()
                    .filter(exchange -> exchange.fromChain() == chain.id())
                    .forEach(exchange ->
                            text.append("    ").append(describe(exchange)).append('\n'));
        }
        loops.forEach(loop -> text.append(loop.describe()).append('\n'));
        return text.toString();
    }

    private String describe(Exchange exchange) {
        return nameOf(exchange.fromVertex()) + " → " + nameOf(exchange.toVertex()) + " (chain " + exchange.toChain()
                + "): " + way(exchange);
    }

    /** Whether each instance feeds only the one of the same number. */
    public boolean isForward(Exchange exchange) {
        return exchange.partitioning() instanceof Partitioning.Direct
                && chains.get(exchange.fromChain()).parallelism()
                        == chains.get(exchange.toChain()).parallelism();
    }

    /** Whether its records go from one task of a loop to another. */
    public boolean isInLoop(Exchange exchange) {
        return loops.stream().anyMatch(loop -> loop.contains(exchange));
    }

    private String way(Exchange exchange) {
        if (exchange.partitioning() instanceof Partitioning.Feedback) {
            return "feedback";
        }
        if (exchange.partitioning() instanceof Partitioning.ByKey) {
            return "by key";
        }
        if (exchange.partitioning() instanceof Partitioning.Broadcast) {
            return "broadcast";
        }
        return isForward(exchange) ? "forward" : "round robin";
    }

    private String nameOf(int vertex) {
        return chains.stream()
                .flatMap(chain -> chain.vertices().stream())
                .filter(candidate -> candidate.id() == vertex)
                .findFirst()
                .orElseThrow()
                .name();
    }

    private static String count(int number, String thing) {
        return number + " " + thing + (number == 1 ? "" : "s");
    }
}
