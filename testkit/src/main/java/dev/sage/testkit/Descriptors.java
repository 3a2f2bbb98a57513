package dev.sage.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** What this process holds open, as Linux tells it. */
final class Descriptors {
    private static final Path FOLDER = Path.of("/proc/self/fd");

    private Descriptors() {}

    /** Paths of files, {@code socket:[inode]} and the like; nothing on other systems. */
    static Set<String> targets() {
        Set<String> targets = new HashSet<>();
        if (!Files.isDirectory(FOLDER)) {
            return targets;
        }
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(FOLDER)) {
            for (Path descriptor : descriptors) {
                addTarget(descriptor, targets);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The open files of this process cannot be listed.", e);
        }
        return targets;
    }

    private static void addTarget(Path descriptor, Set<String> targets) {
        try {
            targets.add(Files.readSymbolicLink(descriptor).toString());
        } catch (IOException closedMeanwhile) {
            // Then it is not open.
        }
    }
}
