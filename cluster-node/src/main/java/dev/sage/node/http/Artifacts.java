package dev.sage.node.http;

import java.io.IOException;
import java.io.InputStream;

/** The jars that clients have uploaded, by their digests. Its methods block, and are called where that is allowed. */
public interface Artifacts {

    boolean has(String sha256) throws IOException;

    /**
     * Keeps a jar. What is there already stays as it is; of an upload that breaks off nothing stays.
     *
     * @param sha256 64 lower-case hexadecimal digits
     * @throws dev.sage.node.NodeException with code {@code artifact.digest} when the bytes have another digest
     * @throws IOException when the bytes cannot be read to their end, or not be written
     */
    void put(String sha256, InputStream bytes) throws IOException;
}
