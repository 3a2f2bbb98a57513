package dev.sage.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The start of a node for W8: from the start of its JVM until it says that it is ready, each time with an empty home.
 *
 * <p>Arguments: the class path of the node, how many starts, and options for the node's JVM.
 */
public final class NodeStart {
    private NodeStart() {}

    public static void main(String[] args) throws Exception {
        if (args.length < 1) {
            throw new IllegalArgumentException("Usage: NodeStart NODE-CLASS-PATH [STARTS [JVM-OPTION...]]");
        }
        int starts = args.length > 1 ? Integer.parseInt(args[1]) : 5;
        List<String> options = List.of(args).subList(Math.min(2, args.length), args.length);
        List<Duration> took = new ArrayList<>();
        for (int i = 0; i < starts; i++) {
            try (NodeProcess node = NodeProcess.start(args[0], options)) {
                took.add(node.readyAfter());
                System.out.println(String.format(
                        Locale.ROOT,
                        "ready after %.2f s, CPU %.2f s",
                        node.readyAfter().toMillis() / 1e3,
                        node.cpuTime().toMillis() / 1e3));
            }
        }
        took.sort(null);
        System.out.println(String.format(
                Locale.ROOT, "median %.2f s", took.get(took.size() / 2).toMillis() / 1e3));
    }
}
