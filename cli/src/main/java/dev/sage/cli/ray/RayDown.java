package dev.sage.cli.ray;

import dev.sage.api.spi.RayControl.Cluster;
import dev.sage.cli.Context;
import dev.sage.cli.Exit;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sage ray down}. */
@Command(
        addMethodSubcommands = false,
        name = "down",
        sortOptions = false,
        description = {
            "%nEnds the Ray cluster that \"sage ray up\" started, with all that came from it. One that it connected to"
                    + " runs on, and is no longer used.",
            "%nThe exit code is 0 also when none is up.%n"
        },
        footer = {"%nExample:", "  sage ray down"})
public final class RayDown implements Callable<Integer> {
    private final Context context;

    @Option(names = "--json", description = "As JSON: ended, and what there was, as \"sage ray status\" shows it.")
    private boolean json;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    public RayDown(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        Optional<Cluster> was = Clusters.control().down(Clusters.settings(context));
        if (json) {
            context.out().println(Clusters.asJson("ended", was));
            return Exit.OK;
        }
        context.out()
                .println(was.map(cluster -> cluster.started()
                                ? "The Ray cluster" + at(cluster) + " is ended, and nothing is left of it."
                                : "The Ray cluster" + at(cluster) + " is no longer used; it runs on.")
                        .orElse("No Ray cluster is up."));
        return Exit.OK;
    }

    /** One whose start was killed never had an address. */
    private static String at(Cluster cluster) {
        return cluster.address().isEmpty() ? "" : " at " + cluster.address();
    }
}
