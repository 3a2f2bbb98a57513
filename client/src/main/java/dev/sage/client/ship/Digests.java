package dev.sage.client.ship;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** SHA-256 of jars, each computed once for as long as its file has the same size and time. */
public final class Digests {
    private static final int BUFFER = 64 << 10;
    private static final Map<Seen, String> KNOWN = new ConcurrentHashMap<>();

    private Digests() {}

    private record Seen(Path file, long size, FileTime modified) {}

    static String ofJar(Path jar) throws IOException {
        Seen seen = new Seen(jar, Files.size(jar), Files.getLastModifiedTime(jar));
        String known = KNOWN.get(seen);
        if (known != null) {
            return known;
        }
        String computed;
        try (InputStream in = Files.newInputStream(jar)) {
            computed = of(in);
        }
        KNOWN.put(seen, computed);
        return computed;
    }

    /** Of what is left of a stream. */
    static String of(InputStream in) throws IOException {
        MessageDigest digest = sha256();
        byte[] buffer = new byte[BUFFER];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            digest.update(buffer, 0, read);
        }
        return hex(digest);
    }

    /** Which every JDK has. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new LinkageError("This JDK has no SHA-256.", e);
        }
    }

    /** The digest in 64 lower-case digits; it begins anew. */
    public static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }
}
