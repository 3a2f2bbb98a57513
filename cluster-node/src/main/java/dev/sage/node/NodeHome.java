package dev.sage.node;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sage.api.SageException;
import dev.sage.api.spi.OwnerOnly;
import dev.sage.client.wire.Wire;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;

/**
 * The node's part of Sage's home: {@code HOME/node}, locked while the node lives, and {@code HOME/token}. Its owner's
 * alone.
 */
final class NodeHome implements AutoCloseable {
    private static final int TOKEN_BYTES = 32;

    private final Path home;
    private final Path folder;
    private final FileChannel lock;

    private NodeHome(Path home, Path folder, FileChannel lock) {
        this.home = home;
        this.folder = folder;
        this.lock = lock;
    }

    /**
     * Takes the folder for this node.
     *
     * @throws SageException with code {@code node.running} when another node has it, {@code home.unusable} when it cannot
     *     be written
     */
    static NodeHome open(Path home) {
        Path folder = home.resolve("node");
        try {
            Files.createDirectories(folder, OwnerOnly.FOLDER);
            // One that was there already may be more open, and keys and jobs are made in it.
            Files.setPosixFilePermissions(folder, OwnerOnly.FOLDER.value());
            Path file = folder.resolve("lock");
            if (!Files.exists(file)) {
                createIfMissing(file);
            }
            FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
            if (!lock(channel)) {
                channel.close();
                throw new SageException(
                        "node.running",
                        "A node runs in " + folder + " already" + described(folder)
                                + ". Stop it with 'sage jobmanager stop', or set SAGE_HOME to another folder.");
            }
            return new NodeHome(home, folder, channel);
        } catch (IOException e) {
            throw new SageException(
                    "home.unusable",
                    "'" + folder + "', where the node keeps its jobs, cannot be used: " + e
                            + ". Set SAGE_HOME to a folder of your own.",
                    e);
        }
    }

    private static boolean lock(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException ofThisJvm) {
            return false;
        }
    }

    private static String described(Path folder) {
        try {
            JsonNode node = Wire.mapper().readTree(folder.resolve("node.json").toFile());
            return ", at http://" + node.path("host").asText() + ":"
                    + node.path("port").asText() + " (pid " + node.path("pid").asText() + ")";
        } catch (IOException notThereYetOrGone) {
            return "";
        }
    }

    private static void createIfMissing(Path file) throws IOException {
        try {
            Files.createFile(file, OwnerOnly.FILE);
        } catch (FileAlreadyExistsException madeByAnother) {
            // It is as good.
        }
    }

    Path home() {
        return home;
    }

    Path folder() {
        return folder;
    }

    /**
     * A folder for the native libraries that this JVM unpacks, without those of nodes that were killed: their unpackers would
     * leave them there for ever.
     */
    Path libraries() throws IOException {
        Path libraries = folder.resolve("native");
        Files.createDirectories(libraries, OwnerOnly.FOLDER);
        try (DirectoryStream<Path> left = Files.newDirectoryStream(libraries)) {
            for (Path library : left) {
                Files.deleteIfExists(library);
            }
        }
        return libraries;
    }

    /** The token of this home; made when there is none. Refused when others could read it. */
    String token() throws IOException {
        Path file = home.resolve("token");
        if (!Files.exists(file)) {
            byte[] random = new byte[TOKEN_BYTES];
            new SecureRandom().nextBytes(random);
            Path fresh = folder.resolve("token.new");
            Files.deleteIfExists(fresh);
            Files.createFile(fresh, OwnerOnly.FILE);
            Files.writeString(fresh, Base64.getUrlEncoder().withoutPadding().encodeToString(random) + "\n");
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        }
        if (!Set.of("rw-------", "r--------")
                .contains(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))) {
            throw new SageException(
                    "token.readable",
                    "Others may read " + file + ", which lets its reader run any code here. Run 'chmod 600 " + file
                            + "', or delete it and give the new one to your clients.");
        }
        String token = Files.readString(file, StandardCharsets.UTF_8).strip();
        if (token.isEmpty()) {
            throw new SageException("token.empty", file + " has no token. Delete it, and a new one is made.");
        }
        return token;
    }

    /** Tells others of this home where the node is. */
    void describe(byte[] json) throws IOException {
        Path fresh = folder.resolve("node.json.new");
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, OwnerOnly.FILE);
        Files.write(fresh, json);
        Files.move(fresh, folder.resolve("node.json"), StandardCopyOption.ATOMIC_MOVE);
    }

    /** The node has ended. */
    @Override
    public void close() throws IOException {
        Files.deleteIfExists(folder.resolve("node.json"));
        lock.close();
    }
}
