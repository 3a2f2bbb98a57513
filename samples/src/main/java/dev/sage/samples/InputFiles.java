package dev.sage.samples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The files that a user means by naming files and folders. All of them are looked at before a job starts, so that a
 * mistyped name is told at once and not after an hour of work.
 */
public final class InputFiles {
    private InputFiles() {}

    /** Files as they are given; of folders all regular files below them, sorted by path. */
    public static List<Path> of(List<Path> given) throws IOException {
        return of(given, file -> true);
    }

    /**
     * As {@link #of(List)}, with a choice of what is taken from folders.
     *
     * @throws IOException names the first file or folder that is missing, unreadable, or neither of the two
     */
    public static List<Path> of(List<Path> given, Predicate<Path> fromFolders) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path path : given) {
            if (Files.isDirectory(path)) {
                files.addAll(below(path, fromFolders));
            } else {
                files.add(path);
            }
        }
        for (Path file : files) {
            check(file);
        }
        return files;
    }

    private static List<Path> below(Path folder, Predicate<Path> wanted) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            return paths.filter(Files::isRegularFile).filter(wanted).sorted().toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void check(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        if (!Files.isRegularFile(file)) {
            throw new FileSystemException(file.toString(), null, "is neither a file nor a folder");
        }
        if (!Files.isReadable(file)) {
            throw new AccessDeniedException(file.toString());
        }
    }
}
