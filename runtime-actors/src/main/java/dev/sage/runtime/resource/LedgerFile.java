package dev.sage.runtime.resource;

import dev.sage.api.spi.OwnerOnly;
import dev.sage.runtime.core.ledger.LedgerEntry;
import dev.sage.runtime.core.ledger.LedgerEvent;
import dev.sage.runtime.core.ledger.LedgerOwner;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;

/**
 * The file of an owner: locked before it has its name, until it is closed. It is written by {@code write(2)} alone, not
 * through its channel: a channel is closed when a thread that uses it is interrupted, and the lock would be gone.
 */
final class LedgerFile implements AutoCloseable {
    static final String SUFFIX = ".ledger";
    static final String UNNAMED_SUFFIX = ".new";

    private static final int MAX_ATTEMPTS = 3;

    private final Path path;
    private final RandomAccessFile file;
    private long bytes;
    private boolean torn;

    private LedgerFile(Path path, RandomAccessFile file) {
        this.path = path;
        this.file = file;
    }

    /** Replaces a file of the same owner, which may be closed afterwards. */
    static LedgerFile create(Path folder, LedgerOwner owner, Collection<LedgerEntry> entries) throws IOException {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        lines.writeBytes(LedgerLines.write(new LedgerEvent.Opened(owner)));
        entries.forEach(entry -> lines.writeBytes(LedgerLines.write(new LedgerEvent.Added(entry))));
        for (int attempt = 1; ; attempt++) {
            try {
                return create(folder, owner.instance(), lines.toByteArray());
            } catch (IOException e) {
                // A sweep may have found the file before it was locked, and taken it for a left one.
                if (attempt == MAX_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private static LedgerFile create(Path folder, String instance, byte[] lines) throws IOException {
        Path unnamed = folder.resolve(instance + UNNAMED_SUFFIX);
        Path path = folder.resolve(instance + SUFFIX);
        Files.deleteIfExists(unnamed);
        Files.createFile(unnamed, OwnerOnly.FILE);
        LedgerFile created = new LedgerFile(path, new RandomAccessFile(unnamed.toFile(), "rw"));
        try {
            if (created.file.getChannel().tryLock() == null) {
                throw new IOException("'" + unnamed + "' is locked by another program");
            }
            created.write(lines);
            Files.move(unnamed, path, StandardCopyOption.ATOMIC_MOVE);
            return created;
        } catch (IOException | RuntimeException e) {
            created.close();
            throw e;
        }
    }

    long bytes() {
        return bytes;
    }

    void append(LedgerEvent event) throws IOException {
        write(LedgerLines.write(event));
    }

    /** Whole lines only: what a full disk cut off is taken away before anything else is written. */
    private void write(byte[] lines) throws IOException {
        if (torn) {
            file.setLength(bytes);
            file.seek(bytes);
            torn = false;
        }
        torn = true;
        file.write(lines);
        torn = false;
        bytes += lines.length;
    }

    void delete() throws IOException {
        // While it is locked: once it is not, the name may be somebody else's to delete.
        Files.deleteIfExists(path);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
