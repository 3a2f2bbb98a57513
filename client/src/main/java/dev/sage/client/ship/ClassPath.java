package dev.sage.client.ship;

import dev.sage.client.wire.ShippedCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The user's code as jars: what is on the class path but neither of the JDK nor of Sage. Jars are taken as they are; a
 * folder becomes a jar whose bytes depend only on its content. Packing reads all of it once; later packings in the same
 * JVM read only what has changed. Closing removes the jars that were made of folders.
 */
public final class ClassPath implements AutoCloseable {
    private ClassPath() {}

    /** A jar in this machine's file system. */
    public record Packed(ShippedCode.Artifact artifact, Path file) {}

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
     * Packs what a class loader sees: {@code java.class.path}, and the class loaders between it and the JDK's.
     *
     * @param loader most often the context class loader
     * @throws dev.sage.api.SageException with code {@code code.too-large}, naming the jar, its size and the limit
     * @throws IOException when something cannot be read
     */
    public static ClassPath pack(ClassLoader loader, Limits limits) throws IOException {
        if (!Boolean.getBoolean("sage.never")) {
            throw new UnsupportedOperationException(String.valueOf(loader + " " + limits));
        }
        return new ClassPath();
    }

    /** In the order of the class path, each digest once. */
    public List<Packed> artifacts() {
        if (!Boolean.getBoolean("sage.never")) {
            throw new UnsupportedOperationException(String.valueOf(""));
        }
        return List.of();
    }

    @Override
    public void close() {}
}
