package dev.sage.runtime.resource;

import dev.sage.api.SageException;
import dev.sage.api.spi.OwnerOnly;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The folder in which a user's Sage programs keep what outlives them. It is made when something is first put there. */
public record SageHome(Path folder) {
    public static final String VARIABLE = "SAGE_HOME";

    public SageHome {
        folder = folder.toAbsolutePath().normalize();
    }

    /**
     * {@code SAGE_HOME}, or else the setting, {@code $XDG_STATE_HOME/sage}, {@code ~/.local/state/sage}. Looks at no disk.
     *
     * @param environment of this JVM
     */
    public static SageHome find(Map<String, String> environment, Optional<Path> setting) {
        String variable = environment.getOrDefault(VARIABLE, "");
        if (!variable.isBlank()) {
            return new SageHome(Path.of(variable));
        }
        if (setting.isPresent()) {
            return new SageHome(setting.get());
        }
        Path state = Path.of(environment.getOrDefault("XDG_STATE_HOME", ""));
        // What is not absolute is to be ignored, as that specification says.
        return new SageHome(
                state.isAbsolute()
                        ? state.resolve("sage")
                        : Path.of(System.getProperty("user.home"), ".local", "state", "sage"));
    }

    Path ledgers() {
        return folder.resolve("ledger");
    }

    /** Makes the folder, and that of the ledgers, where they are missing; blocks on the disk. */
    void make() {
        try {
            if (!Files.exists(folder)) {
                Path parent = folder.getParent();
                if (parent != null) {
                    Files.createDirectories(parent);
                }
            }
            makePrivate(folder);
            makePrivate(ledgers());
        } catch (IOException e) {
            throw unusable(folder, "cannot be made: " + e, e);
        }
    }

    private static void makePrivate(Path path) throws IOException {
        if (!Files.exists(path)) {
            // Of two that make it at once, the second finds it.
            Files.createDirectories(path, OwnerOnly.FOLDER);
        }
        if (!Files.isDirectory(path)) {
            throw unusable(path, "is no folder", null);
        }
        if (!FileOwner.isThisUser(path)) {
            throw unusable(path, "belongs to user '" + Files.getOwner(path) + "'", null);
        }
        if (!Files.isWritable(path)) {
            throw unusable(path, "cannot be written to", null);
        }
    }

    private static SageException unusable(Path path, String why, @Nullable Throwable cause) {
        return new SageException(
                "home.unusable",
                "'" + path + "', where Sage writes down what jobs hold, " + why
                        + ". Set SAGE_HOME to a folder of your own, or to one that can be made.",
                cause);
    }
}
