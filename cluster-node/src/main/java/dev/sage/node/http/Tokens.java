package dev.sage.node.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;

/** Who may ask. */
@FunctionalInterface
public interface Tokens {

    /** The owner of a token; empty for one that is not valid. Takes as long for a nearly right token as for any other. */
    Optional<String> ownerOf(String token);

    /** One token for everybody. */
    static Tokens single(String token, String owner) {
        byte[] digest = sha256(token);
        // Digests have one length, so that not even the length of the token shows in the time.
        return given -> MessageDigest.isEqual(sha256(given), digest) ? Optional.of(owner) : Optional.empty();
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256.", e);
        }
    }
}
