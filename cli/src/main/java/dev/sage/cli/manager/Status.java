package dev.sage.cli.manager;

import dev.sage.cli.CommandFailure;
import dev.sage.cli.Context;
import dev.sage.cli.Exit;
import dev.sage.cli.remote.HttpNode;
import dev.sage.cli.remote.Json;
import dev.sage.cli.remote.NodeAddresses;
import dev.sage.cli.remote.Token;
import dev.sage.client.http.NodeAddress;
import java.io.IOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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
    private static final String NOT_ENDED =
            "/v1/jobs?limit=1000&state=QUEUED,STARTING,RUNNING,PAUSED,IDLE,STOPPING,CLEANING";

    private final Context context;

    @Option(names = "--json", description = "As JSON: running, and what node.json says.")
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
        Optional<NodeRecord> node = folder.record();
        Optional<NodeRecord> running =
                node.filter(recorded -> recorded.process().isPresent());
        if (json) {
            printJson(running);
        } else if (running.isEmpty()) {
            String left = node.map(gone -> " Pid " + gone.pid() + " of node.json has ended without saying so.")
                    .orElse("");
            context.out().println("No node runs (" + folder.path().getParent() + ")." + left);
        } else {
            return tell(running.get());
        }
        return running.isPresent() ? Exit.OK : Exit.NO_NODE;
    }

    private int tell(NodeRecord node) {
        String since = node.startedAt()
                .map(at -> ", since " + at.truncatedTo(ChronoUnit.SECONDS) + ", "
                        + minutes(Duration.between(at, context.clock().instant())))
                .orElse("");
        context.out().println("A node runs at " + node.address() + " (pid " + node.pid() + ")" + since + ".");
        try {
            context.out().println(jobs(node));
            return Exit.OK;
        } catch (CommandFailure | IOException silent) {
            context.err().println("sage: it does not answer: " + silent.getMessage());
            return Exit.FAILURE;
        }
    }

    private static String minutes(Duration span) {
        return span.toMinutes() < 1 ? "just started" : "for " + span.toMinutes() + " min";
    }

    /** For example {@code Jobs: 1 QUEUED, 2 RUNNING.}. */
    private String jobs(NodeRecord node) throws IOException {
        HttpNode api = new HttpNode(
                new NodeAddress(NodeAddresses.reachable(node.host()), node.port()),
                Token.find(null, context).value());
        Map<String, Long> states = Json.parse(api.get(NOT_ENDED)).items("jobs").stream()
                .collect(Collectors.groupingBy(job -> job.text("state"), TreeMap::new, Collectors.counting()));
        return states.isEmpty()
                ? "No job waits or runs."
                : "Jobs: "
                        + states.entrySet().stream()
                                .map(state -> state.getValue() + " " + state.getKey())
                                .collect(Collectors.joining(", "))
                        + ".";
    }

    private void printJson(Optional<NodeRecord> running) {
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("running", running.isPresent());
        running.ifPresent(node -> status.put("node", node.json().value()));
        context.out().println(new Json(status));
    }
}
