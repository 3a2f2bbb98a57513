package dev.sage.cli.manager;

import dev.sage.cli.Context;
import dev.sage.cli.Exit;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sage jobmanager start}. */
@Command(
        addMethodSubcommands = false,
        name = "start",
        sortOptions = false,
        description = {
            "%nStarts the node of this machine in the background, and waits until it is ready.",
            "%nWith --foreground this process becomes the node: for systemd and containers.%n"
        },
        footer = {
            "%nExamples:",
            "  sage jobmanager start --gpus 0-3 --port-range 38000-38050",
            "  sage jobmanager start -Dconfig.file=/etc/sage/application.conf"
        })
public final class Start implements Callable<Integer> {
    private final Context context;
    private final Launcher launcher;

    @Mixin
    private StartOptions options = new StartOptions();

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "Wait at most so long for it; 60 when not given.")
    private int timeout = 60;

    /** Seen by {@code bin/sage}, which then starts no JVM for this command at all. */
    @Option(names = "--foreground", description = "Become the node, and log to the terminal.")
    private boolean foreground;

    @Option(
            names = "--json",
            description = "Show the node as JSON, as \"sage jobmanager status\" does; words go to standard error.")
    private boolean json;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    @Spec
    private CommandSpec spec;

    public Start(Context context) {
        this(context, Launcher.ofThisInstallation());
    }

    Start(Context context, Launcher launcher) {
        this.context = context;
        this.launcher = launcher;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (foreground) {
            throw new ParameterException(
                    spec.commandLine(), "--foreground is for bin/sage, and this was not started by it.");
        }
        if (timeout < 1) {
            throw new ParameterException(
                    spec.commandLine(), "--timeout is " + timeout + ", and must be at least 1 second.");
        }
        NodeFolder folder = NodeFolder.of(context);
        new NodeStart(json ? context.withWordsOnErr() : context, folder, launcher, Duration.ofSeconds(timeout))
                .start(options.arguments(spec));
        if (json) {
            context.out().println(NodeLook.at(folder, context).json());
        }
        return Exit.OK;
    }
}
