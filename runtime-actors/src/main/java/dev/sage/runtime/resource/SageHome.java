package dev.sage.runtime.resource;

import dev.sage.api.SageException;
import dev.sage.api.spi.OwnerOnly;
import dev.sage.api.spi.StateFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The folder in which a user's Sage programs keep what outlives them. It is made when something is first put there. */
public record SageHome(Path folder) {
    public SageHome {
        folder = folder.toAbsolutePath().normalize();
    }

    /** As {@link StateFolder#find} finds it. */
    public static SageHome find(Map<String, String> environment, Optional<Path> setting) {
        return new SageHome(StateFolder.find(environment, setting));
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
