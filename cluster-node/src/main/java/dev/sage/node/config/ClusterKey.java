package dev.sage.node.config;

import dev.sage.api.SageException;
import dev.sage.api.spi.OwnerOnly;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;

/** The key by which nodes of one cluster know each other: a self-signed one, trusted by those that have it. */
public record ClusterKey(Path store, String password) {
    private static final int PASSWORD_BYTES = 24;
    private static final int MAKE_WITHIN_S = 60;

    /** The key in this folder, which is only its owner's; made by the JDK's {@code keytool} when there is none. Blocks. */
    public static ClusterKey in(Path folder) throws IOException, InterruptedException {
        Path store = folder.resolve("cluster.p12");
        Path secret = folder.resolve("cluster.secret");
        if (!Files.exists(store)) {
            byte[] random = new byte[PASSWORD_BYTES];
            new SecureRandom().nextBytes(random);
            Files.deleteIfExists(secret);
            Files.createFile(secret, OwnerOnly.FILE);
            Files.writeString(secret, HexFormat.of().formatHex(random));
            make(folder.resolve("cluster.p12.new"), secret, store);
        }
        return new ClusterKey(store, Files.readString(secret));
    }

    private static void make(Path fresh, Path secret, Path store) throws IOException, InterruptedException {
        Files.deleteIfExists(fresh);
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        Process process = new ProcessBuilder(
                        keytool.toString(),
                        "-genkeypair",
                        "-alias",
                        "sage",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=sage",
                        "-validity",
                        "36500",
                        "-storetype",
                        "PKCS12",
                        "-storepass:file",
                        secret.toString(),
                        "-keystore",
                        fresh.toString())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        // It says less than a pipe holds, so nobody need read while it works.
        boolean ended = process.waitFor(MAKE_WITHIN_S, TimeUnit.SECONDS);
        if (!ended || process.exitValue() != 0) {
            process.destroyForcibly();
            String said = ended
                    ? new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    : "it did not end within " + MAKE_WITHIN_S + " s.";
            throw new SageException(
                    "node.key",
                    "The key of the cluster's port could not be made by " + keytool + ": " + said.strip()
                            + " Install a complete JDK, or set JAVA_HOME to one.");
        }
        // In the folder of the node, which nobody else can enter, from the first byte on.
        Files.move(fresh, store, StandardCopyOption.ATOMIC_MOVE);
    }
}
