package dev.sage.cli.remote;

import dev.sage.cli.Context;
import dev.sage.cli.Exit;
import java.time.Duration;
import java.time.Instant;
import picocli.CommandLine.Command;

/** {@code sage node list}. */
@Command(
        addMethodSubcommands = false,
        name = "list",
        sortOptions = false,
        description = "%nShows the nodes.%n",
        footer = {"%nExample:", "  sage node list --node build7:19001"})
public final class NodeList extends NodeCommand {
    public NodeList(Context context) {
        super(context);
    }

    @Override
    public Integer call() {
        String answer = node().get("/v1/nodes");
        if (json) {
            printJson(answer);
            return Exit.OK;
        }
        Table table = new Table("INSTANCE", "ADDRESS", "PID>", "UP>", "SAGE", "JAVA>", "HOME");
        Instant now = context.clock().instant();
        for (Json node : parse(answer).items()) {
            table.row(
                    node.text("instance"),
                    node.text("host") + ":" + node.text("port"),
                    node.text("pid"),
                    node.time("startedAt")
                            .map(at -> Times.of(Duration.between(at, now)))
                            .orElse(""),
                    node.text("sage"),
                    node.text("java"),
                    node.text("home"));
        }
        print(table, "There are no nodes.");
        return Exit.OK;
    }
}
