package dev.sage.runtime.plan;

import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A circle of tasks.
 *
 * @param name of the operator that is its head
 * @param chains those on a way from the head back to the head
 */
public record Loop(String name, SortedSet<Integer> chains) {
    public Loop {
        chains = new TreeSet<>(chains);
    }

    boolean contains(Exchange exchange) {
        return chains.contains(exchange.fromChain()) && chains.contains(exchange.toChain());
    }

    String describe() {
        String ids = chains.stream().map(String::valueOf).collect(Collectors.joining(", "));
        return "loop '" + name + "': " + (chains.size() == 1 ? "chain " : "chains ") + ids;
    }
}
