package dev.sage.cli.manager;

import dev.sage.cli.Context;
import dev.sage.cli.Exit;
import dev.sage.cli.remote.Json;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
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
            names = "--json",
            description = "As JSON: ended, millis, and node, which is what node.json said; words go to standard error.")
    private boolean json;

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
        Optional<NodeStop.Ended> ended = new NodeStop(
                        json ? context.withWordsOnErr() : context, Duration.ofSeconds(timeout))
                .stop(NodeFolder.of(context));
        if (json) {
            context.out().println(asJson(ended));
        }
        return Exit.OK;
    }

    private static Json asJson(Optional<NodeStop.Ended> ended) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("ended", ended.isPresent());
        ended.ifPresent(one -> {
            json.put("millis", one.millis());
            json.put("node", one.node().json().value());
        });
        return new Json(json);
    }
}
