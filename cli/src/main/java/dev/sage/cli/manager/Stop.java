package dev.sage.cli.manager;

import dev.sage.cli.Context;
import dev.sage.cli.Exit;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sage jobmanager stop}. */
@Command(
        addMethodSubcommands = false,
        name = "stop",
        sortOptions = false,
        description = {
            "%nEnds the node of this machine, and waits until it has ended its jobs, cleaned up and is gone. Jobs that wait"
                    + " stay in its journal.",
            "%nThe exit code is 0 also when no node runs.%n"
        },
        footer = {"%nExample:", "  sage jobmanager stop --timeout 120"})
public final class Stop implements Callable<Integer> {
    private final Context context;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "Wait so long, then send SIGTERM; 60 when not given.")
    private int timeout = 60;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    @Spec
    private CommandSpec spec;

    public Stop(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (timeout < 0) {
            throw new ParameterException(
                    spec.commandLine(), "--timeout is " + timeout + ", and must be at least 0 seconds.");
        }
        new NodeStop(context, Duration.ofSeconds(timeout)).stop(NodeFolder.of(context));
        return Exit.OK;
    }
}
