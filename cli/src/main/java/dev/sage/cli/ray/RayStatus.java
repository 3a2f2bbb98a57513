package dev.sage.cli.ray;

import dev.sage.api.spi.RayControl.Cluster;
import dev.sage.cli.Context;
import dev.sage.cli.Exit;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sage ray status}. */
@Command(
        addMethodSubcommands = false,
        name = "status",
        sortOptions = false,
        description = {
            "%nTells whether a Ray cluster is up: where, of which version, and whose.",
            "%nThe exit code is 0 when it is up and runs, 1 when it was up and has died, and 3 when none is up.%n"
        },
        footer = {"%nExample:", "  sage ray status || sage ray up"})
public final class RayStatus implements Callable<Integer> {
    private final Context context;

    @Option(
            names = "--json",
            description = "As JSON: up, running, started, address, version, python, pid, log, gpus and since.")
    private boolean json;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    public RayStatus(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        Optional<Cluster> cluster = Clusters.control().status(Clusters.settings(context));
        if (json) {
            context.out().println(Clusters.asJson("up", cluster));
        } else if (cluster.isEmpty()) {
            context.out().println("No Ray cluster is up.");
        } else if (cluster.get().running()) {
            context.out().println("A Ray cluster is up: " + Clusters.words(cluster.get()) + ".");
        } else if (cluster.get().address().isEmpty()) {
            context.out()
                    .println("A Ray cluster is being started, or its start was killed: " + Clusters.words(cluster.get())
                            + ". Take away what was killed with \"sage ray down\".");
        } else {
            context.out()
                    .println("The Ray cluster has died or is not reached any more: " + Clusters.words(cluster.get())
                            + ". Take it away with \"sage ray down\", or begin anew with \"sage ray up\".");
        }
        return cluster.map(one -> one.running() ? Exit.OK : Exit.FAILURE).orElse(Exit.NO_NODE);
    }
}
