package dev.sage.cli.manager;

import dev.sage.api.spi.OwnerOnly;
import dev.sage.cli.CommandFailure;
import dev.sage.cli.Context;
import dev.sage.cli.Exit;
import dev.sage.cli.remote.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The folder {@code node} of the state folder: what the node tells of itself, and how it was started here. */
record NodeFolder(Path path) {

    static NodeFolder of(Context context) {
        return new NodeFolder(context.home().resolve("node"));
    }

    /** What the node logs; rotated by itself. */
    Path log() {
        return path.resolve("node.log");
    }

    /** What the node writes to standard error: why it did not start, and what its JVM has to say. */
    Path errors() {
        return path.resolve("node.err");
    }

    private Path started() {
        return path.resolve("start.json");
    }

    Optional<NodeRecord> record() {
        try {
            return NodeRecord.read(path.resolve("node.json"));
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    void make() {
        try {
            Files.createDirectories(path, OwnerOnly.FOLDER);
            if (!Files.isWritable(path)) {
                throw new IOException("it cannot be written to");
            }
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    /** The arguments of the last start, for the next one to use. */
    void remember(long pid, List<String> arguments) {
        try {
            Files.writeString(started(), new Json(Map.of("pid", pid, "arguments", arguments)) + "\n");
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    /** How this node, or the last one, was started here. */
    Optional<Started> lastStart() {
        try {
            Json json = Json.parse(Files.readString(started()));
            return Optional.of(new Started(
                    json.number("pid"),
                    json.items("arguments").stream().map(Json::text).toList()));
        } catch (NoSuchFileException | com.fasterxml.jackson.core.JsonProcessingException none) {
            return Optional.empty();
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    /** A start of a node by {@code sage jobmanager start}. */
    record Started(long pid, List<String> arguments) {}

    private CommandFailure unusable(IOException e) {
        return new CommandFailure(
                Exit.FAILURE,
                "home.unusable",
                "'" + path + "', where the node keeps what it needs, cannot be used: " + why(e)
                        + ". Set SAGE_HOME to a folder of your own, or to one that can be made.",
                e);
    }

    private static String why(IOException e) {
        return e instanceof java.nio.file.AccessDeniedException denied
                ? denied.getFile() + " may not be written to"
                : e instanceof java.nio.file.FileAlreadyExistsException there
                        ? there.getFile() + " is no folder"
                        : String.valueOf(e.getMessage());
    }
}
