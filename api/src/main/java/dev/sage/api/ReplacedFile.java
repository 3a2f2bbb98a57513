package dev.sage.api;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * A file that appears, or is replaced, whole or not at all: written beside its place, forced to disk, then renamed. What
 * is there already and is no regular file (a device, a pipe, {@code /dev/stdout}) is written to directly.
 */
public final class ReplacedFile {
    private final Path place;
    private final Path written;

    private ReplacedFile(Path place, Path written) {
        this.place = place;
        this.written = written;
    }

    /** Decides where to write; a symbolic link is followed, so that what it points to is replaced. */
    public static ReplacedFile of(Path file) throws IOException {
        Path place = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
        if (Files.exists(place) && !Files.isRegularFile(place)) {
            if (Files.isDirectory(place)) {
                throw new java.nio.file.FileSystemException(file.toString(), null, "is a folder, a file is needed");
            }
            return new ReplacedFile(place, place);
        }
        Path parent = place.getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            throw new java.nio.file.NoSuchFileException(String.valueOf(parent), null, "no such folder");
        }
        // Not createTempFile, whose files only their owner may read: the result shall have the usual permissions.
        return new ReplacedFile(place, parent.resolve("." + place.getFileName() + "." + UUID.randomUUID() + ".part"));
    }

    /** The file to write to. */
    public Path written() {
        return written;
    }

    /** Puts the written file in its place. It must have been closed. */
    public void commit() throws IOException {
        if (written.equals(place)) {
            return;
        }
        try (FileChannel channel = FileChannel.open(written, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(written, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Removes what was written. Does nothing after a {@link #commit}. */
    public void abort() throws IOException {
        if (!written.equals(place)) {
            Files.deleteIfExists(written);
        }
    }
}
