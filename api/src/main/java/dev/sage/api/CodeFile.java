package dev.sage.api;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A file of a user's Python code, as it was when it was read; so the code of where a job was written runs wherever its
 * actors do.
 *
 * @param path with slashes, relative to a folder that Python imports from
 */
@SuppressWarnings("ArrayRecordComponent") // The bytes of a file, which nobody compares.
public record CodeFile(String path, byte[] content) {
    /** Of all that one description takes with it. */
    static final long MOST_BYTES = 16 << 20;

    /** A file by its name, or a folder with what is in it, but for what is hidden and what Python keeps there for itself. */
    static List<CodeFile> read(Path given) {
        if (!Files.exists(given)) {
            throw new InvalidGraphException("The code '" + given.toAbsolutePath() + "' does not exist."
                    + " Give a file or folder of here, or name an installed module.");
        }
        Path root = given.toAbsolutePath().normalize();
        Path parent = root.getParent();
        if (parent == null) {
            throw new InvalidGraphException("The code '" + given + "' is the root of the file system.");
        }
        List<CodeFile> files = new ArrayList<>();
        long bytes = 0;
        try (Stream<Path> found = Files.walk(root)) {
            for (Path file : found.filter(Files::isRegularFile)
                    .filter(path -> isCode(parent.relativize(path)))
                    .sorted()
                    .toList()) {
                bytes += Files.size(file);
                if (bytes > MOST_BYTES) {
                    throw new InvalidGraphException("The code '" + given + "' has more than " + MOST_BYTES
                            + " bytes. Give only the modules; models and data belong where the actors can read them.");
                }
                String path = parent.relativize(file).toString().replace('\\', '/');
                files.add(new CodeFile(path, Files.readAllBytes(file)));
            }
        } catch (IOException e) {
            throw new InvalidGraphException("The code '" + given + "' cannot be read: " + e);
        }
        return files;
    }

    private static boolean isCode(Path relative) {
        for (Path part : relative) {
            String name = part.toString();
            if (name.startsWith(".") || name.equals("__pycache__")) {
                return false;
            }
        }
        return true;
    }
}
