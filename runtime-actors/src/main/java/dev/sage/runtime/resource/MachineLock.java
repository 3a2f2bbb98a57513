package dev.sage.runtime.resource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** A lock file that this JVM holds. Whoever dies with it leaves its note behind in a file that is not locked. */
final class MachineLock {
    private static final int MAX_NOTE_BYTES = 16 * 1024;

    private final Path path;
    private final FileChannel channel;
    private final Optional<LockNote> left;
    private volatile Optional<LockNote> note = Optional.empty();
    private volatile boolean released;

    MachineLock(Path path, FileChannel channel) throws IOException {
        this.path = path;
        this.channel = channel;
        this.left = readNote(channel);
    }

    /** Of the last holder, if it did not give it back. */
    Optional<LockNote> left() {
        return left;
    }

    Optional<LockNote> note() {
        return note;
    }

    boolean isReleased() {
        return released;
    }

    void write(LockNote holder) throws IOException {
        uninterrupted(() -> replace(channel, holder.bytes()));
        note = Optional.of(holder);
    }

    /** Nobody's any more, and no sign is left. Nothing happens the second time. */
    void release() throws IOException {
        close(true);
    }

    /** Nobody's any more, and what was found in it stays there. */
    void drop() throws IOException {
        close(false);
    }

    private synchronized void close(boolean clear) throws IOException {
        if (released) {
            return;
        }
        released = true;
        try (channel) {
            if (clear) {
                uninterrupted(() -> replace(channel, new byte[0]));
            }
        } finally {
            MachineLocks.forget(path);
        }
    }

    static Optional<LockNote> readNote(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(channel.size(), MAX_NOTE_BYTES));
        channel.read(bytes, 0);
        return LockNote.read(Arrays.copyOf(bytes.array(), bytes.position()));
    }

    private static void replace(FileChannel channel, byte[] bytes) throws IOException {
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(bytes), 0);
    }

    /** A channel is closed, and its lock lost, when a thread that uses it is interrupted. */
    private static void uninterrupted(Writing writing) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            writing.run();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @FunctionalInterface
    private interface Writing {
        void run() throws IOException;
    }
}
