package dev.sage.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The start of a node for W8: from the start of its JVM until it says that it is ready. The first one has an empty home,
 * and leaves an archive of the classes that it loaded; the others find both, as with {@code bin/sage jobmanager start}.
 *
 * <p>Arguments: the class path of the node, of jars only, how many starts, and options for the node's JVM.
 */
public final class NodeStart {
    private NodeStart() {}

    public static void main(String[] args) throws Exception {
        if (args.length < 1) {
            throw new IllegalArgumentException("Usage: NodeStart NODE-CLASS-PATH [STARTS [JVM-OPTION...]]");
        }
        int starts = args.length > 1 ? Integer.parseInt(args[1]) : 5;
        List<String> options = List.of(args).subList(Math.min(2, args.length), args.length);
        Path folder = Files.createTempDirectory("sage-benchmark-");
        try {
            Path home = Files.createDirectory(folder.resolve("home"));
            String archive = folder.resolve("archive.jsa").toString();
            start("first ", home, args[0], with(options, "-XX:ArchiveClassesAtExit=" + archive));
            List<Duration> took = new ArrayList<>();
            for (int i = 0; i < starts; i++) {
                took.add(start("", home, args[0], with(options, "-XX:SharedArchiveFile=" + archive)));
            }
            took.sort(null);
            print("median %.2f s", took.get(took.size() / 2).toMillis() / 1e3);
        } finally {
            NodeProcess.delete(folder);
        }
    }

    private static List<String> with(List<String> options, String one) {
        List<String> all = new ArrayList<>(options);
        all.add(one);
        return all;
    }

    private static Duration start(String which, Path home, String classPath, List<String> options) throws IOException {
        try (NodeProcess node = NodeProcess.start(home, classPath, options)) {
            print(
                    which + "ready after %.2f s, CPU %.2f s",
                    node.readyAfter().toMillis() / 1e3,
                    node.cpuTime().toMillis() / 1e3);
            return node.readyAfter();
        }
    }

    private static void print(String text, Object... values) {
        System.out.println(String.format(Locale.ROOT, text, values));
    }
}
