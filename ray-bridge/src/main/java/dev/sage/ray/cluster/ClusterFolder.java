package dev.sage.ray.cluster;

import dev.sage.api.SageException;
import dev.sage.api.spi.OwnerOnly;
import dev.sage.runtime.process.ProcessTree;
import dev.sage.runtime.process.SeenProcess;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Where a cluster has its sockets, logs and spilled objects: a private folder with a short path, as that of a socket has 107
 * bytes at most. That of an environment's own cluster has a file beside it, locked for as long as the JVM lives: whoever gets
 * the lock knows that the owner is dead, ends who still uses the folder, and removes it.
 */
final class ClusterFolder implements AutoCloseable {
    private static final String LOCK = ".lock";
    private static final String TOKEN = "token";
    private static final String TEMPORARY = "tmp";
    private static final int NAME_BYTES = 3;
    private static final int TOKEN_BYTES = 32;
    private static final int ATTEMPTS = 100;
    private static final Duration KILL_WITHIN = Duration.ofSeconds(5);
    private static final SecureRandom RANDOM = new SecureRandom();
    /** A JVM must not open its own again: closing that would give up the lock. */
    private static final Set<Path> OF_THIS_JVM = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final @Nullable Path lockFile;
    private final @Nullable FileChannel lock;

    private ClusterFolder(Path path, @Nullable Path lockFile, @Nullable FileChannel lock) {
        this.path = path;
        this.lockFile = lockFile;
        this.lock = lock;
    }

    private interface Making {
        @Nullable
        ClusterFolder in(Path base) throws IOException;
    }

    /** All folders of this user. */
    static Path base() throws IOException {
        return Path.of("/tmp/sage-ray-" + user());
    }

    private static Object user() throws IOException {
        return Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    }

    /** Whoever removes the last folder removes that of all folders, too, also while another one is being made in it. */
    private static ClusterFolder made(Making making) throws IOException {
        Path base = base();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            if (!Files.exists(base)) {
                // Of two that make it at once, the second finds it.
                Files.createDirectories(base, OwnerOnly.FOLDER);
            }
            try {
                if (!Files.getAttribute(base, "unix:uid").equals(user())) {
                    throw new IOException(base + " belongs to another user");
                }
                ClusterFolder made = making.in(base);
                if (made != null) {
                    return made;
                }
            } catch (NoSuchFileException removedMeanwhile) {
                // The next attempt makes it again.
            }
        }
        throw new IOException("no free name was found in " + base);
    }

    private static void deleteIfEmpty(Path base) throws IOException {
        try {
            Files.deleteIfExists(base);
        } catch (DirectoryNotEmptyException ofOthers) {
            // They remove it.
        }
    }

    /** For a cluster that ends with this JVM. */
    static ClusterFolder ofThisJvm() throws IOException {
        return made(base -> tryToMake(base, name()));
    }

    /** Answers null when a sweep took it for one of a dead owner. */
    private static @Nullable ClusterFolder tryToMake(Path base, String name) throws IOException {
        Path lockFile = base.resolve(name + LOCK);
        OF_THIS_JVM.add(lockFile);
        FileChannel channel =
                FileChannel.open(lockFile, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), OwnerOnly.FILE);
        boolean ours = false;
        try {
            // A sweep that had it first has removed the file.
            ours = channel.tryLock() != null && Files.exists(lockFile);
            return ours ? new ClusterFolder(makeWithToken(base.resolve(name)), lockFile, channel) : null;
        } finally {
            if (!ours) {
                channel.close();
                OF_THIS_JVM.remove(lockFile);
            }
        }
    }

    /** For a cluster that outlives this JVM. */
    static ClusterFolder lasting() throws IOException {
        return made(base -> new ClusterFolder(makeWithToken(base.resolve("up-" + name())), null, null));
    }

    /** That was made by {@link #lasting}, by another JVM perhaps. */
    static ClusterFolder recorded(Path path) {
        return new ClusterFolder(path, null, null);
    }

    private static Path makeWithToken(Path folder) throws IOException {
        Files.createDirectory(folder, OwnerOnly.FOLDER);
        Path token = Files.createFile(folder.resolve(TOKEN), OwnerOnly.FILE);
        Files.writeString(token, random(TOKEN_BYTES));
        Files.createDirectory(temporary(token), OwnerOnly.FOLDER);
        return folder;
    }

    private static String name() {
        return random(NAME_BYTES);
    }

    private static String random(int length) {
        byte[] bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    Path path() {
        return path;
    }

    Path token() {
        return path.resolve(TOKEN);
    }

    /** Beside the token of a cluster: the temporary files of all that it runs. */
    static Path temporary(Path token) {
        return token.resolveSibling(TEMPORARY);
    }

    /**
     * Kills who still uses it, removes it, and gives up its lock. Does nothing when that was done before.
     *
     * @throws SageException with code {@code process.left} when a process is left
     */
    void remove() throws IOException, InterruptedException {
        endUsers(path);
        Folders.delete(path);
        close();
        deleteIfEmpty(base());
    }

    private static void endUsers(Path folder) throws InterruptedException {
        List<SeenProcess> left = ProcessTree.using(folder).kill(KILL_WITHIN);
        if (!left.isEmpty()) {
            throw new SageException(
                    "process.left",
                    "Of the Ray cluster in " + folder + " there is still " + left + ", which did not end within "
                            + KILL_WITHIN.toSeconds() + " s after KILL. See why with \"cat /proc/PID/stack\".");
        }
    }

    /** Gives up the lock; what is left is for a sweep. */
    @Override
    public void close() throws IOException {
        if (lockFile != null && lock != null && lock.isOpen()) {
            if (!Files.exists(path)) {
                Files.deleteIfExists(lockFile);
            }
            lock.close();
            OF_THIS_JVM.remove(lockFile);
        }
    }

    /** Ends what clusters of dead JVMs left, and removes their folders. */
    static void sweep() throws IOException, InterruptedException {
        try (DirectoryStream<Path> locks = Files.newDirectoryStream(base(), "*" + LOCK)) {
            for (Path lockFile : locks) {
                if (!OF_THIS_JVM.contains(lockFile)) {
                    sweep(lockFile);
                }
            }
        } catch (NoSuchFileException noneWasEverMade) {
            return;
        }
        deleteIfEmpty(base());
    }

    private static void sweep(Path lockFile) throws IOException, InterruptedException {
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.WRITE);
                FileLock owned = channel.tryLock()) {
            if (owned != null) {
                String name = lockFile.getFileName().toString();
                Path folder = lockFile.resolveSibling(name.substring(0, name.length() - LOCK.length()));
                endUsers(folder);
                Folders.delete(folder);
                Files.deleteIfExists(lockFile);
            }
        } catch (NoSuchFileException sweptByAnother) {
            // Then there is nothing left to do.
        }
    }
}
