package dev.sage.cli.manager;

import dev.sage.cli.CommandFailure;
import dev.sage.cli.Context;
import dev.sage.cli.Exit;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sage jobmanager restart}. */
@Command(
        addMethodSubcommands = false,
        name = "restart",
        sortOptions = false,
        description = {
            "%nEnds the node of this machine as stop does, and starts it with the options of its last start; where none runs,"
                    + " only the latter.%n"
        },
        footer = {"%nExample:", "  sage jobmanager restart"})
public final class Restart implements Callable<Integer> {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Context context;
    private final Launcher launcher;

    @Option(
            names = "--json",
            description = "Show the new node as JSON, as \"sage jobmanager status\" does; words go to standard error.")
    private boolean json;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    public Restart(Context context) {
        this(context, Launcher.ofThisInstallation());
    }

    Restart(Context context, Launcher launcher) {
        this.context = context;
        this.launcher = launcher;
    }

    @Override
    public Integer call() throws InterruptedException {
        NodeFolder folder = NodeFolder.of(context);
        Optional<NodeFolder.Started> last = folder.lastStart();
        folder.record().filter(node -> node.process().isPresent()).ifPresent(node -> refuseForeign(node, last));
        Context words = json ? context.withWordsOnErr() : context;
        new NodeStop(words, LIMIT).stop(folder);
        new NodeStart(words, folder, launcher, LIMIT)
                .start(last.map(NodeFolder.Started::arguments).orElse(List.of()));
        if (json) {
            context.out().println(NodeLook.at(folder, context).json());
        }
        return Exit.OK;
    }

    /** Whatever started it, systemd for example, would start a second one. */
    private static void refuseForeign(NodeRecord node, Optional<NodeFolder.Started> last) {
        if (last.filter(started -> started.pid() == node.pid()).isEmpty()) {
            throw new CommandFailure(
                    Exit.FAILURE,
                    "node.foreground",
                    "The node with pid " + node.pid()
                            + " was not started by \"sage jobmanager start\". Restart it by what"
                            + " did, for example with \"systemctl restart sage\".");
        }
    }
}
