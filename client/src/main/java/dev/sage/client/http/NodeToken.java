package dev.sage.client.http;

import dev.sage.api.SageException;
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
     * The folder in which a user's Sage programs, and this machine's node, keep what outlives them: {@code SAGE_HOME}, or else
     * the system property {@code sage.home}, {@code $XDG_STATE_HOME/sage}, {@code ~/.local/state/sage}. Looks at no disk.
     *
     * @param environment of this JVM
     * @return absolute
     */
    public static Path home(Map<String, String> environment) {
        String variable = environment.getOrDefault("SAGE_HOME", "").strip();
        String home = variable.isEmpty() ? System.getProperty("sage.home", "").strip() : variable;
        Path state = Path.of(environment.getOrDefault("XDG_STATE_HOME", "").strip());
        Path usual = state.isAbsolute()
                ? state.resolve("sage")
                : Path.of(System.getProperty("user.home"), ".local", "state", "sage");
        return (home.isEmpty() ? usual : Path.of(home)).toAbsolutePath().normalize();
    }
}
