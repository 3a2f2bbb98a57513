package dev.sage.cli.manager;

import dev.sage.cli.Context;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sage jobmanager status}. */
@Command(
        addMethodSubcommands = false,
        name = "status",
        sortOptions = false,
        description = {
            "%nTells whether the node of this machine runs: where, since when, and its jobs.",
            "%nThe exit code is 0 when it runs and answers, 1 when it runs and does not, and 3 when it does not run.%n"
        },
        footer = {"%nExample:", "  sage jobmanager status || sage jobmanager start"})
public final class Status implements Callable<Integer> {
    private final Context context;

    @Option(
            names = "--json",
            description = "As JSON: running, answers, jobs (how many in each state), and node, which is what node.json"
                    + " says.")
    private boolean json;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    public Status(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        NodeFolder folder = NodeFolder.of(context);
        NodeLook look = NodeLook.at(folder, context);
        if (json) {
            context.out().println(look.json());
        } else if (look.running()) {
            look.recorded().ifPresent(node -> tell(node, look));
        } else {
            String left = look.recorded()
                    .map(gone -> " Pid " + gone.pid() + " of node.json has ended without saying so.")
                    .orElse("");
            context.out().println("No node runs (" + folder.path().getParent() + ")." + left);
        }
        return look.exitCode();
    }

    private void tell(NodeRecord node, NodeLook look) {
        String since = node.startedAt()
                .map(at -> ", since " + at.truncatedTo(ChronoUnit.SECONDS) + ", "
                        + minutes(Duration.between(at, context.clock().instant())))
                .orElse("");
        context.out().println("A node runs at " + node.address() + " (pid " + node.pid() + ")" + since + ".");
        if (look.problem().isEmpty()) {
            context.out().println(words(look.jobs()));
        } else {
            context.err().println("sage: it does not answer: " + look.problem());
        }
    }

    private static String minutes(Duration span) {
        return span.toMinutes() < 1 ? "just started" : "for " + span.toMinutes() + " min";
    }

    /** For example {@code Jobs: 1 QUEUED, 2 RUNNING.}. */
    private static String words(Map<String, Long> jobs) {
        return jobs.isEmpty()
                ? "No job waits or runs."
                : jobs.entrySet().stream()
                        .map(state -> state.getValue() + " " + state.getKey())
                        .collect(Collectors.joining(", ", "Jobs: ", "."));
    }
}
