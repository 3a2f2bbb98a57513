package dev.sage.ray.link;

import dev.sage.ray.wire.Frame;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32;
import org.msgpack.core.MessagePack;

/** The code that runs outside of this JVM: the gateway's jar, the one of MessagePack, and the Python actor as a file. */
final class GatewayCode {
    private static final String ACTOR = "/dev/sage/ray/gateway/sage_actor.py";

    private GatewayCode() {}

    /** What the gateway and Java workers need besides Ray's own jars. */
    static List<Path> jars() {
        return List.of(origin(Frame.class), origin(MessagePack.class));
    }

    private static Path origin(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("The jar of " + type.getName() + " is not a file", e);
        }
    }

    /**
     * The folder with the Python actor, named by its content: workers of an older Sage keep theirs. Others may be writing
     * it, too.
     */
    static Path pythonFolder(Path folder) throws IOException {
        byte[] source = source();
        CRC32 sum = new CRC32();
        sum.update(source);
        Path made = folder.resolve("actor-" + HexFormat.of().toHexDigits((int) sum.getValue()));
        Path file = made.resolve("sage_actor.py");
        if (!Files.exists(file)) {
            Files.createDirectories(made);
            Path part = Files.createTempFile(made, "sage_actor", ".part");
            Files.write(part, source);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
        return made.toAbsolutePath();
    }

    private static byte[] source() throws IOException {
        try (InputStream in = Frame.class.getResourceAsStream(ACTOR)) {
            if (in == null) {
                throw new IllegalStateException(ACTOR + " is not in the jar of the gateway");
            }
            return in.readAllBytes();
        }
    }
}
