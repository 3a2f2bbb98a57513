package dev.sage.client.http;

import dev.sage.api.SageException;
import dev.sage.api.spi.StateFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Finds the token that a node asks for. */
public final class NodeToken {
    public static final String VARIABLE = "SAGE_TOKEN";

    private NodeToken() {}

    /**
     * {@code SAGE_TOKEN}, or else what is in the file {@code token} of the state folder; empty where there is neither. The
     * file's is that of this machine's node, and goes to no other: it would lie open on the way.
     *
     * @param environment of this JVM
     * @param node that asks for it
     * @throws SageException with code {@code token.unreadable} when there is a file, and it cannot be read
     */
    public static Optional<String> find(Map<String, String> environment, NodeAddress node) {
        String variable = environment.getOrDefault(VARIABLE, "");
        if (!variable.isBlank()) {
            return Optional.of(variable.strip());
        }
        return node.isLoopback() ? read(home(environment).resolve("token")) : Optional.empty();
    }

    private static Optional<String> read(Path file) {
        try {
            return Optional.of(Files.readString(file).strip()).filter(token -> !token.isEmpty());
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException e) {
            throw new SageException(
                    "token.unreadable",
                    "The token of the node cannot be read from '" + file + "': " + e
                            + ". Set SAGE_TOKEN, or SAGE_HOME to the state folder of the node.",
                    e);
        }
    }

    /**
     * The {@linkplain StateFolder state folder}, which the system property {@code sage.home} may set. Looks at no disk.
     *
     * @param environment of this JVM
     * @return absolute
     */
    public static Path home(Map<String, String> environment) {
        return StateFolder.find(
                environment,
                Optional.of(System.getProperty("sage.home", "").strip())
                        .filter(setting -> !setting.isEmpty())
                        .map(Path::of));
    }
}
