package dev.sage.runtime.resource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Whose files are. */
final class FileOwner {
    private FileOwner() {}

    static boolean isThisUser(Path path) throws IOException {
        return Files.getAttribute(path, "unix:uid").equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    }

    /** What tells this file from another one of the same name, as long as one of them is open. */
    static Object identity(Path path) throws IOException {
        return Files.getAttribute(path, "unix:ino", LinkOption.NOFOLLOW_LINKS);
    }
}
