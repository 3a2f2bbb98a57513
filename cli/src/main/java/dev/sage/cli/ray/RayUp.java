package dev.sage.cli.ray;

import dev.sage.api.spi.RayControl.Up;
import dev.sage.api.spi.RayControl.Wanted;
import dev.sage.cli.Context;
import dev.sage.cli.Exit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sage ray up}. */
@Command(
        addMethodSubcommands = false,
        name = "up",
        sortOptions = false,
        description = {
            "%nStarts a Ray cluster on loopback that all of your Sage programs use, until \"sage ray down\"; with"
                    + " --address, has them use one that runs already.",
            "%nWithout --python it uses a Ray of its own, which is downloaded once.%n"
        },
        footer = {
            "%nExamples:",
            "  sage ray up",
            "  sage ray up --gpus 0-3 --python ~/venv/bin/python",
            "  sage ray up --address 10.0.0.5:6379 --python ~/venv/bin/python"
        })
public final class RayUp implements Callable<Integer> {
    private final Context context;

    @Option(
            names = "--address",
            paramLabel = "HOST:PORT",
            description = "Of the GCS of a cluster that has a node on this machine.")
    private @Nullable String address;

    @Option(
            names = "--python",
            paramLabel = "FILE",
            description = "The interpreter of an environment with Ray, of the cluster's version.")
    private @Nullable Path python;

    @Option(names = "--port", paramLabel = "PORT", description = "Of its GCS; any that is free when not given.")
    private @Nullable Integer port;

    @Option(names = "--cpus", paramLabel = "N", description = "That actors can ask for; all when not given.")
    private @Nullable Integer cpus;

    @Option(
            names = "--gpus",
            paramLabel = "IDS",
            description = "The GPUs that actors can ask for, for example 0,1 or 0-3; none when not given. They must"
                    + " not be among those that Sage itself shares out.")
    private @Nullable String gpus;

    @Option(names = "--json", description = "Show it as JSON, as \"sage ray status\" does.")
    private boolean json;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    @Spec
    private CommandSpec spec;

    public RayUp(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        Wanted wanted = wanted();
        Interruptible.begin(context);
        Up up;
        try (InstallLines lines =
                new InstallLines(context.err(), context.errColumns().orElse(0))) {
            up = Clusters.control().up(Clusters.settings(context), wanted, lines);
        }
        if (json) {
            context.out().println(Clusters.asJson("up", Optional.of(up.cluster())));
        } else {
            context.out()
                    .println((up.before() ? "A Ray cluster is up already: " : "A Ray cluster is up: ")
                            + Clusters.words(up.cluster()) + ".");
            context.out().println((up.cluster().started() ? "End" : "Leave") + " it with: sage ray down");
        }
        return Exit.OK;
    }

    private Wanted wanted() {
        if (address != null && (port != null || cpus != null || gpus != null)) {
            throw wrong("--address is of a cluster that runs already; --port, --cpus and --gpus are not for it.");
        }
        if (port != null && (port < 0 || port > 65_535)) {
            throw wrong("--port is " + port + ", and must be from 0 to 65535.");
        }
        if (cpus != null && cpus < 1) {
            throw wrong("--cpus is " + cpus + ", and must be at least 1.");
        }
        return new Wanted(
                Optional.ofNullable(address),
                Optional.ofNullable(python),
                port == null ? 0 : port,
                Optional.ofNullable(cpus),
                ids());
    }

    private List<Integer> ids() {
        List<Integer> ids = new ArrayList<>();
        for (String part : gpus == null || gpus.isEmpty() ? new String[0] : gpus.split(",", -1)) {
            if (!part.matches("\\d{1,4}(-\\d{1,4})?")) {
                throw wrong("--gpus is '" + gpus + "', and must be numbers of GPUs, for example 0,1 or 0-3.");
            }
            String[] ends = part.split("-", -1);
            IntStream.rangeClosed(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]))
                    .forEach(ids::add);
        }
        return ids;
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
