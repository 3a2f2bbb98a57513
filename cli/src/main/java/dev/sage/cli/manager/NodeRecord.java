package dev.sage.cli.manager;

import dev.sage.cli.Context;
import dev.sage.cli.remote.HttpNode;
import dev.sage.cli.remote.Json;
import dev.sage.cli.remote.NodeAddresses;
import dev.sage.cli.remote.NodeApi;
import dev.sage.cli.remote.Token;
import dev.sage.client.http.NodeAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * What a node has written down about itself, in {@code node.json}. It says what was, not what is: of a node that was killed it
 * is still there, and its number may be another process by now. So a process counts as the node only when it was started in
 * the same tick.
 */
record NodeRecord(long pid, long startTicks, String host, int port, Optional<Instant> startedAt, Json json) {
    private static final int START_TIME = 22;

    /** Empty when there is none, or it is half-written or not one. */
    static Optional<NodeRecord> read(Path file) throws IOException {
        try {
            Json json = Json.parse(Files.readString(file));
            return Optional.of(new NodeRecord(
                            json.number("pid"),
                            json.number("startTicks"),
                            json.text("host"),
                            (int) json.number("port"),
                            json.time("startedAt"),
                            json))
                    .filter(node -> node.pid > 0);
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (com.fasterxml.jackson.core.JsonProcessingException broken) {
            return Optional.empty();
        }
    }

    /** The process of the node, while it runs. */
    Optional<ProcessHandle> process() {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .filter(live ->
                        startTicks(pid).filter(ticks -> ticks == startTicks).isPresent());
    }

    /**
     * To ask it, with the token that is found without an option.
     *
     * @throws dev.sage.cli.CommandFailure when there is none
     */
    NodeApi api(Context context) {
        return new HttpNode(
                new NodeAddress(NodeAddresses.reachable(host), port),
                Token.find(null, context).value());
    }

    String address() {
        return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    /** In clock ticks since the start of the machine; empty when there is no such process. */
    static Optional<Long> startTicks(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"));
            // The name of the program stands in brackets and may contain spaces and brackets itself; fields count from
            // 1.
            String[] behindName = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return Optional.of(Long.parseLong(behindName[START_TIME - 3]));
        } catch (IOException | RuntimeException gone) {
            return Optional.empty();
        }
    }
}
