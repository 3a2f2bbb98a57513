package dev.sage.cli.remote;

import dev.sage.cli.CommandFailure;
import dev.sage.cli.Context;
import dev.sage.cli.Exit;
import dev.sage.client.http.NodeAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where a command looks for its node. */
public final class NodeAddresses {
    private static final NodeAddress USUAL = new NodeAddress("127.0.0.1", NodeAddress.DEFAULT_PORT);

    private NodeAddresses() {}

    /** The option, or SAGE_NODE, or as the node that runs under this home has written it down, or the usual one. */
    static NodeAddress find(@Nullable String option, Context context) {
        if (option != null) {
            return parse(option, "--node");
        }
        Optional<String> variable = context.variable("SAGE_NODE");
        return variable.isPresent()
                ? parse(variable.get(), "SAGE_NODE")
                : ofNodeHere(context.home().resolve("node").resolve("node.json"))
                        .orElse(USUAL);
    }

    private static NodeAddress parse(String text, String source) {
        try {
            return NodeAddress.parse(text.strip());
        } catch (IllegalArgumentException malformed) {
            throw new CommandFailure(Exit.USAGE, "node.address", source + ": " + malformed.getMessage(), malformed);
        }
    }

    /** Also when it has died since: what is told then names the address. */
    private static Optional<NodeAddress> ofNodeHere(Path file) {
        try {
            Json json = Json.parse(Files.readString(file));
            return Optional.of(new NodeAddress(reachable(json.text("host")), (int) json.number("port")));
        } catch (IOException | IllegalArgumentException none) {
            return Optional.empty();
        }
    }

    /** A node that listens on all addresses is asked on the loopback. */
    public static String reachable(String host) {
        return switch (host) {
            case "0.0.0.0" -> "127.0.0.1";
            case "::", "0:0:0:0:0:0:0:0" -> "[::1]";
            default -> host;
        };
    }

    /** Whether the node runs on this machine, as far as its address tells. */
    static boolean isHere(NodeAddress address) {
        try {
            return InetAddress.getByName(address.host()).isLoopbackAddress();
        } catch (UnknownHostException unknown) {
            return false;
        }
    }
}
