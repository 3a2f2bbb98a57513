package dev.sage.runtime.dataplane;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The files that a pattern matches, sorted by path. Looks only where there can be some: below the folder that comes before
 * the first wildcard, and no deeper than the pattern is. What cannot be looked at is an error, for it could have matched.
 */
final class GlobFiles extends SimpleFileVisitor<Path> {
    private final String glob;
    private final int max;
    private final PathMatcher matcher;
    private final List<Path> found = new ArrayList<>();

    private GlobFiles(String glob, Path pattern, int max) {
        this.glob = glob;
        this.max = max;
        this.matcher = pattern.getFileSystem().getPathMatcher("glob:" + pattern);
    }

    static List<Path> matching(String glob, int max) throws IOException {
        Path pattern = Path.of(glob);
        int plain = 0;
        while (plain < pattern.getNameCount() - 1 && !hasWildcard(pattern.getName(plain))) {
            plain++;
        }
        Path folder = start(pattern, plain);
        if (!Files.isDirectory(folder)) {
            throw new NoSuchFileException(glob, null, "there is no folder '" + folder + "' to look in");
        }
        String rest = pattern.subpath(plain, pattern.getNameCount()).toString();
        boolean anyDepth = rest.contains("**") || rest.contains("{");
        GlobFiles visitor = new GlobFiles(glob, pattern, max);
        Files.walkFileTree(
                folder,
                EnumSet.of(FileVisitOption.FOLLOW_LINKS),
                anyDepth ? Integer.MAX_VALUE : pattern.getNameCount() - plain,
                visitor);
        if (visitor.found.isEmpty()) {
            throw new NoSuchFileException(glob, null, "no file in '" + folder.toAbsolutePath() + "' matches");
        }
        Collections.sort(visitor.found);
        return visitor.found;
    }

    /** With the root of the pattern, if it has one; the current folder is an empty path, as the matcher needs it. */
    private static Path start(Path pattern, int names) {
        Path root = pattern.getRoot();
        Path folder = root == null ? Path.of("") : root;
        return names == 0 ? folder : folder.resolve(pattern.subpath(0, names));
    }

    private static boolean hasWildcard(Path name) {
        return name.toString().chars().anyMatch(c -> "*?[{\\".indexOf(c) >= 0);
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
        if (!attributes.isDirectory() && matcher.matches(file)) {
            if (found.size() == max) {
                throw new FileSystemException(
                        glob,
                        null,
                        "more than " + max + " files match (sage.source.max-files). Raise that, or narrow the pattern");
            }
            found.add(file);
        }
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
        throw unreadable(file, failure);
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure) throws IOException {
        if (failure != null) {
            throw unreadable(folder, failure);
        }
        return FileVisitResult.CONTINUE;
    }

    private IOException unreadable(Path path, IOException failure) {
        FileSystemException named = new FileSystemException(
                glob, null, "'" + path + "' cannot be read while looking for files: " + failure);
        named.initCause(failure);
        return named;
    }
}
