package dev.sage.node.http;

import dev.sage.node.NodeException;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Jars in memory. */
final class FakeArtifacts implements Artifacts {
    private final Map<String, byte[]> jars = new ConcurrentHashMap<>();

    @Override
    public boolean has(String sha256) {
        return jars.containsKey(sha256);
    }

    @Override
    public void put(String sha256, InputStream bytes) throws IOException {
        byte[] jar = bytes.readAllBytes();
        String digest = sha256(jar);
        if (!digest.equals(sha256)) {
            throw new NodeException(
                    NodeException.Kind.INVALID,
                    "artifact.digest",
                    "The bytes have the digest " + digest + ", not " + sha256 + ".",
                    "Upload it again.");
        }
        jars.put(sha256, jar);
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
