package dev.sage.client.ship;

import dev.sage.api.SageException;
import dev.sage.client.wire.ShippedCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The user's code as jars: what is on the class path but neither of the JDK nor of Sage. Jars are taken as they are; a
 * folder becomes a jar whose bytes depend only on its content. Packing reads all of it once; later packings in the same
 * JVM read only folders and the jars that have changed. The jars that were made of folders are there until it is closed.
 */
public final class ClassPath implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ClassPath.class);

    private final List<Packed> artifacts = new ArrayList<>();
    private final Set<String> digests = new HashSet<>();
    private final Limits limits;
    private final List<UnnamedFile> made = new ArrayList<>();
    private long total;

    private ClassPath(Limits limits) {
        this.limits = limits;
    }

    /** A jar on this machine. */
    public record Packed(ShippedCode.Artifact artifact, Content content) {}

    /** What a jar has, until the class path is closed. May be opened as often as need be, from any thread. */
    @FunctionalInterface
    public interface Content {
        InputStream open() throws IOException;
    }

    /**
     * How much may be sent.
     *
     * @param artifactBytes of one jar
     * @param totalBytes of all
     */
    public record Limits(long artifactBytes, long totalBytes) {
        public static final Limits DEFAULT = new Limits(256L << 20, 1L << 30);
    }

    /**
     * Packs what a class loader sees: {@code java.class.path}, and the class loaders between it and the JDK's. What the
     * manifests of jars name as {@code Class-Path} belongs to it.
     *
     * @param loader most often the context class loader
     * @throws SageException with code {@code code.too-large}, naming the jar, its size and the limit
     * @throws IOException when something cannot be read
     */
    public static ClassPath pack(ClassLoader loader, Limits limits) throws IOException {
        ClassPath packed = new ClassPath(limits);
        try {
            for (Path entry : ClassPathEntries.of(loader)) {
                packed.add(entry);
            }
            return packed;
        } catch (IOException | RuntimeException | Error e) {
            packed.close();
            throw e;
        }
    }

    /** In the order of the class path, each digest once. */
    public List<Packed> artifacts() {
        return List.copyOf(artifacts);
    }

    private void add(Path entry) throws IOException {
        if (SageModule.is(entry)) {
            return;
        }
        String name = String.valueOf(entry.getFileName());
        if (!Files.isDirectory(entry)) {
            long size = Files.size(entry);
            checkSize(entry, size);
            add(Digests.ofJar(entry), name, size, () -> Files.newInputStream(entry));
            return;
        }
        UnnamedFile jar = UnnamedFile.create("sage-code-");
        made.add(jar);
        if (FolderJar.write(entry, jar.out())) {
            checkSize(entry, jar.size());
            add(Digests.of(jar.in()), name + ".jar", jar.size(), jar::in);
        }
    }

    private void add(String digest, String name, long size, Content content) {
        if (digests.add(digest)) {
            artifacts.add(new Packed(new ShippedCode.Artifact(digest, name, size), content));
        }
    }

    private void checkSize(Path entry, long size) {
        total += size;
        check("'" + entry + "'", size, limits.artifactBytes(), "one jar");
        check("the class path up to '" + entry + "'", total, limits.totalBytes(), "all jars of a job together");
    }

    private static void check(String what, long size, long limit, String limited) {
        if (size > limit) {
            throw new SageException(
                    "code.too-large",
                    "To send the job's code, " + what + " would have to be sent, with " + size + " bytes. For "
                            + limited
                            + " at most " + limit + " are allowed. Leave what the job does not need off the class path,"
                            + " put data into files, or raise the limit.");
        }
    }

    @Override
    public void close() {
        for (UnnamedFile jar : made) {
            try {
                jar.close();
            } catch (IOException e) {
                log.warn("A temporary file of packed code could not be closed: {}", e.toString());
            }
        }
    }
}
