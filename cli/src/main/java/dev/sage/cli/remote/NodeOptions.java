package dev.sage.cli.remote;

import dev.sage.cli.CommandFailure;
import dev.sage.cli.Context;
import dev.sage.cli.Exit;
import dev.sage.client.http.NodeAddress;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of every command that asks a node. */
public final class NodeOptions {
    @Option(
            names = "--node",
            paramLabel = "HOST:PORT",
            description = "The node. Without it: $SAGE_NODE, or the node that runs here, or 127.0.0.1:19001.")
    private @Nullable String node;

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description =
                    "Without it: $SAGE_TOKEN, or the file token in $SAGE_HOME. On a command line others can read it.")
    private @Nullable String token;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    public NodeAddress address(Context context) {
        return NodeAddresses.find(node, context);
    }

    /** That of this machine's node is for no other: it would lie open on the way, and lets its reader run any code here. */
    public Token token(Context context) {
        Token found = Token.find(token, context);
        NodeAddress address = address(context);
        boolean named = node != null || context.variable("SAGE_NODE").isPresent();
        if (named && found.isFromFile() && !found.value().isEmpty() && !address.isLoopback()) {
            throw new CommandFailure(
                    Exit.FAILURE,
                    "token.elsewhere",
                    "The token in " + found.source() + " is that of this machine's node, and is not shown to "
                            + address.host()
                            + ". Give that node's own with SAGE_TOKEN; there, 'sage token show --reveal'"
                            + " prints it.");
        }
        return found;
    }
}
