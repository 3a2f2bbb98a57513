package dev.sage.node.code;

import dev.sage.client.ship.Digests;
import dev.sage.node.NodeException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The jars that clients have sent, by the SHA-256 of their bytes; the time of a file is that of its last use. May be used
 * from any thread; its methods read and write files.
 */
public final class ArtifactStore {
    private static final Logger log = LoggerFactory.getLogger(ArtifactStore.class);
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");
    private static final String JAR = ".jar";
    private static final String PART = ".part";
    private static final int BUFFER = 64 << 10;

    private final Path folder;
    private final ArtifactSettings settings;
    private final Clock clock;

    private ArtifactStore(Path folder, ArtifactSettings settings, Clock clock) {
        this.folder = folder;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * Opens the store of a node: {@code artifacts} below its folder. Removes what a killed node had not finished, so there
     * must be one store of a folder at a time.
     */
    public static ArtifactStore open(Path nodeFolder, ArtifactSettings settings, Clock clock) throws IOException {
        Path folder = Files.createDirectories(nodeFolder.resolve("artifacts"));
        for (Path part : listed(folder, PART)) {
            Files.deleteIfExists(part);
        }
        return new ArtifactStore(folder, settings, clock);
    }

    /** Whether it is there. Counts as a use of it, so that who was told so finds it for a while. */
    public synchronized boolean has(String sha256) throws IOException {
        Path jar = named(sha256);
        if (!Files.isRegularFile(jar)) {
            return false;
        }
        Files.setLastModifiedTime(jar, FileTime.from(clock.instant()));
        return true;
    }

    /**
     * Keeps a jar; it is on the disk when this returns. Two who send the same at once do not disturb each other.
     *
     * @throws NodeException {@code artifact.digest} when the bytes have another digest, {@code artifact.too-large}, {@code
     *     artifact.quota}
     */
    public void put(String sha256, InputStream bytes) throws IOException {
        Path jar = named(sha256);
        if (has(sha256)) {
            return;
        }
        long left = settings.quotaBytes() - used();
        Path part = Files.createTempFile(folder, sha256.substring(0, 8) + "-", PART);
        try {
            String digest = write(bytes, part, left);
            if (!digest.equals(sha256)) {
                throw new NodeException(
                        NodeException.Kind.INVALID,
                        "artifact.digest",
                        "The artifact " + sha256 + " arrived with the SHA-256 " + digest + ".",
                        "Send it again; the file may have changed while it was read.");
            }
            Files.move(part, jar, StandardCopyOption.ATOMIC_MOVE);
            has(sha256);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private String write(InputStream bytes, Path part, long left) throws IOException {
        MessageDigest digest = Digests.sha256();
        byte[] buffer = new byte[BUFFER];
        long size = 0;
        try (FileChannel file = FileChannel.open(part, StandardOpenOption.WRITE);
                OutputStream out = Channels.newOutputStream(file)) {
            for (int read = bytes.read(buffer); read >= 0; read = bytes.read(buffer)) {
                size += read;
                check(size, left);
                digest.update(buffer, 0, read);
                out.write(buffer, 0, read);
            }
            file.force(true);
        }
        return Digests.hex(digest);
    }

    private void check(long size, long left) {
        if (size > settings.maxBytes()) {
            throw new NodeException(
                    NodeException.Kind.TOO_LARGE,
                    "artifact.too-large",
                    "The artifact has more than " + settings.maxBytes() + " bytes.",
                    "Leave what the job does not need off the class path, or raise sage.node.artifacts.max-size.");
        }
        if (size > left) {
            throw new NodeException(
                    NodeException.Kind.TOO_LARGE,
                    "artifact.quota",
                    "The artifacts of this node would take more than " + settings.quotaBytes() + " bytes.",
                    "Wait until jobs have ended and their jars are removed, or raise sage.node.artifacts.quota.");
        }
    }

    /**
     * The file of a jar. Counts as a use of it.
     *
     * @throws NodeException {@code artifact.missing}
     */
    public Path path(String sha256) throws IOException {
        if (!has(sha256)) {
            throw new NodeException(
                    NodeException.Kind.UNPROCESSABLE,
                    "artifact.missing",
                    "This node has no artifact " + sha256 + ".",
                    "Send it with PUT /v1/artifacts/" + sha256 + ", then submit the job again.");
        }
        return named(sha256);
    }

    /**
     * Removes those that were not used for the time of the settings, and of the others the longest unused ones while all
     * together have more than half the quota, so that there is room for new ones. Those that were used just now stay: a
     * submission that names them may be under way.
     *
     * @param inUse digests of the jars of live jobs, which stay
     */
    public void cleanUp(Set<String> inUse) throws IOException {
        Instant now = clock.instant();
        Instant unusedSince = now.minus(settings.keepUnused());
        Instant freshSince = now.minus(settings.keepFresh());
        long used = used();
        List<Path> jars = new ArrayList<>(listed(folder, JAR));
        jars.sort(Comparator.comparing(ArtifactStore::lastUse));
        for (Path jar : jars) {
            boolean due = lastUse(jar).isBefore(unusedSince) || used > settings.quotaBytes() / 2;
            String name = String.valueOf(jar.getFileName());
            if (due && !inUse.contains(name.substring(0, name.length() - JAR.length()))) {
                used -= removeUnlessUsedSince(freshSince, jar);
            }
        }
    }

    /** Looks and removes in one step: nobody is told in between that it is there. Answers the bytes that it had. */
    private synchronized long removeUnlessUsedSince(Instant fresh, Path jar) throws IOException {
        Instant lastUse = lastUse(jar);
        if (!Files.exists(jar) || !lastUse.isBefore(fresh)) {
            return 0;
        }
        log.info("The artifact {}, last used at {}, is removed.", jar.getFileName(), lastUse);
        long bytes = Files.size(jar);
        Files.delete(jar);
        return bytes;
    }

    private long used() throws IOException {
        long bytes = 0;
        for (Path jar : listed(folder, JAR)) {
            bytes += Files.size(jar);
        }
        return bytes;
    }

    private static Instant lastUse(Path jar) {
        try {
            return Files.getLastModifiedTime(jar).toInstant();
        } catch (IOException gone) {
            return Instant.EPOCH;
        }
    }

    private static List<Path> listed(Path folder, String ending) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> String.valueOf(file.getFileName()).endsWith(ending))
                    .toList();
        }
    }

    /** What comes from outside never becomes a path before it was looked at. */
    private Path named(@Nullable String sha256) {
        if (sha256 == null || !DIGEST.matcher(sha256).matches()) {
            throw new NodeException(
                    NodeException.Kind.INVALID,
                    "artifact.name",
                    "'" + sha256 + "' is no SHA-256 in 64 lower-case hexadecimal digits.",
                    "Name an artifact by the SHA-256 of its bytes.");
        }
        return folder.resolve(sha256 + JAR);
    }
}
