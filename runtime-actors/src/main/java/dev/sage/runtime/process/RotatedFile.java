package dev.sage.runtime.process;

import dev.sage.api.spi.OwnerOnly;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A file that is appended to; when it is full it becomes {@code NAME.1}, that one {@code NAME.2}, and the oldest goes. What
 * programs print may be secret, so it and the folders that are made for it are its user's alone.
 */
public final class RotatedFile implements AutoCloseable {
    private final Path file;
    private final long maxBytes;
    private final int lineBytes;
    private final int count;
    private OutputStream out;
    private long size;

    /** Opens it, and makes its folder when that is missing. */
    public RotatedFile(Path file, ProcessSettings settings) throws IOException {
        this.file = file;
        this.maxBytes = settings.logFileBytes();
        this.lineBytes = settings.lineBytes();
        this.count = settings.logFiles();
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder, OwnerOnly.FOLDER);
        }
        this.out = open();
        this.size = Files.size(file);
    }

    /** A line is kept in one file, unless it is longer than lines are told. */
    public void write(byte[] bytes, int length) throws IOException {
        int from = 0;
        while (from < length) {
            if (size + length - from < maxBytes) {
                append(bytes, from, length);
                return;
            }
            int end = Lines.endOfLine(bytes, from, length);
            append(bytes, from, end);
            if (size >= maxBytes && (bytes[end - 1] == '\n' || size >= maxBytes + lineBytes)) {
                rotate();
            }
            from = end;
        }
    }

    private void append(byte[] bytes, int from, int end) throws IOException {
        out.write(bytes, from, end - from);
        size += end - from;
    }

    private void rotate() throws IOException {
        out.close();
        for (int i = count - 1; i > 0; i--) {
            Path from = numbered(file, i - 1);
            if (Files.exists(from)) {
                Files.move(from, numbered(file, i), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        if (count == 1) {
            Files.delete(file);
        }
        out = open();
        size = 0;
    }

    /** What there is of such a file, the oldest first. */
    public static List<Path> parts(Path file) {
        List<Path> parts = new ArrayList<>();
        for (int i = 0; Files.exists(numbered(file, i)); i++) {
            parts.add(0, numbered(file, i));
        }
        return parts;
    }

    private static Path numbered(Path file, int i) {
        return i == 0 ? file : file.resolveSibling(file.getFileName() + "." + i);
    }

    private OutputStream open() throws IOException {
        try {
            Files.createFile(file, OwnerOnly.FILE);
        } catch (FileAlreadyExistsException ofAnEarlierProcess) {
            // It goes on there.
        }
        return Files.newOutputStream(file, StandardOpenOption.APPEND);
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
