package dev.sage.ray.gateway;

import dev.sage.ray.wire.ActorSpec.CodeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Code that came with an actor, in a folder of its own for as long as its worker lives. */
final class ShippedFiles {
    private ShippedFiles() {}

    /** The folder, and the jars in it: what a class path is made of. */
    static List<Path> written(List<CodeFile> files) throws IOException {
        Path folder = Files.createTempDirectory("sage-actor-");
        folder.toFile().deleteOnExit();
        List<Path> parts = new ArrayList<>(List.of(folder));
        for (CodeFile file : files) {
            Path path = folder.resolve(file.name()).normalize();
            if (!path.startsWith(folder)) {
                throw new IOException("The file " + file.name() + " is outside of the folder for what is shipped.");
            }
            Files.createDirectories(path.getParent());
            Files.write(path, file.bytes());
            path.toFile().deleteOnExit();
            if (path.toString().endsWith(".jar")) {
                parts.add(path);
            }
        }
        return parts;
    }
}
