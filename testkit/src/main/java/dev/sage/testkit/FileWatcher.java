package dev.sage.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Sees files that appear at the usual places: the working folder, down to a small depth and without the folders that
 * build tools fill, and the temporary folder. Where that is the system's, other programs write there too, and only what
 * this process holds open can be told to be its own: {@link OpenFileWatcher} does.
 */
final class FileWatcher implements Watcher {
    private static final int DEPTH = 3;
    private static final int MAX_ENTRIES = 20_000;
    private static final Set<String> FILLED_BY_TOOLS = Set.of("target", "build", "out", "node_modules");
    private static final Set<Path> SHARED = Set.of(Path.of("/tmp"), Path.of("/var/tmp"));

    private final Path working;
    private final Path temporary;
    private final Set<Path> before;

    FileWatcher(Path working, Path temporary) {
        this.working = working;
        this.temporary = temporary;
        this.before = entries();
    }

    static FileWatcher ofThisProcess() {
        return new FileWatcher(
                Path.of("").toAbsolutePath(),
                Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath());
    }

    @Override
    public List<String> leaks() {
        return entries().stream()
                .filter(file -> !before.contains(file))
                .sorted()
                .map(file -> (Files.isDirectory(file) ? "folder " : "file ") + file)
                .toList();
    }

    private Set<Path> entries() {
        Set<Path> entries = new HashSet<>();
        addEntries(working, DEPTH, entries);
        if (!SHARED.contains(temporary)) {
            addEntries(temporary, 1, entries);
        }
        return entries;
    }

    private static void addEntries(Path folder, int depth, Set<Path> entries) {
        if (depth == 0 || !Files.isDirectory(folder)) {
            return;
        }
        try (DirectoryStream<Path> listed = Files.newDirectoryStream(folder)) {
            for (Path entry : listed) {
                if (entries.size() >= MAX_ENTRIES) {
                    return;
                }
                if (!isOfTools(entry)) {
                    entries.add(entry);
                    addEntries(entry, depth - 1, entries);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The folder " + folder + " cannot be listed.", e);
        }
    }

    /** JUnit removes the folders of its {@code @TempDir} only after the last callback of a test. */
    private static boolean isOfTools(Path entry) {
        String name = entry.getFileName().toString();
        return FILLED_BY_TOOLS.contains(name)
                || name.startsWith("junit-")
                || name.startsWith("hsperfdata_")
                || (name.startsWith(".") && Files.isDirectory(entry));
    }
}
