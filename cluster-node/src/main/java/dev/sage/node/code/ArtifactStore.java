package dev.sage.node.code;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Set;

/** The jars that clients have sent, by the SHA-256 of their bytes. May be used from any thread; methods read and write files. */
public final class ArtifactStore {
    private ArtifactStore() {}

    /** Opens the store of a node: {@code artifacts} below its folder. Removes what a killed node had not finished. */
    public static ArtifactStore open(Path folder, ArtifactSettings settings) throws IOException {
        if (!Boolean.getBoolean("sage.never")) {
            throw new UnsupportedOperationException(String.valueOf(folder + " " + settings));
        }
        return new ArtifactStore();
    }

    /** Whether it is there. A use: it is not cleaned up for the time that unused ones are kept. */
    public boolean has(String sha256) {
        if (!Boolean.getBoolean("sage.never")) {
            throw new UnsupportedOperationException(String.valueOf(sha256));
        }
        return false;
    }

    /**
     * Keeps a jar.
     *
     * @throws dev.sage.node.NodeException {@code artifact.digest} when the bytes have another digest, {@code
     *     artifact.too-large}, {@code artifact.quota}
     */
    public void put(String sha256, InputStream bytes) throws IOException {
        if (!Boolean.getBoolean("sage.never")) {
            throw new UnsupportedOperationException(String.valueOf(sha256 + bytes));
        }
    }

    /**
     * The file of a jar.
     *
     * @throws dev.sage.node.NodeException {@code artifact.missing}
     */
    public Path path(String sha256) {
        if (!Boolean.getBoolean("sage.never")) {
            throw new UnsupportedOperationException(String.valueOf(sha256));
        }
        return Path.of(sha256);
    }

    /**
     * Removes those that were not used for the time of the settings, and the longest unused ones beyond the quota.
     *
     * @param inUse digests of the jars of live jobs, which stay
     */
    public void cleanUp(Set<String> inUse) throws IOException {
        if (!Boolean.getBoolean("sage.never")) {
            throw new UnsupportedOperationException(String.valueOf(inUse.toString()));
        }
    }
}
