package dev.sage.ray.gateway;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Ray's native library, of which a driver unpacks a copy of 40 MB into a new folder of {@code /tmp/ray} at each start, and
 * leaves it there. Loaded beforehand, from a folder that is removed at once, it is not loaded again.
 */
final class NativeLibrary {
    private static final String NAME = "core_worker_library_java";

    private NativeLibrary() {}

    /** What Ray does by itself is only untidier. */
    static void load() {
        try {
            Path folder = Files.createTempDirectory("sage-ray-native-");
            try {
                Class.forName("io.ray.runtime.util.JniUtils")
                        .getMethod("loadLibrary", String.class, String.class, boolean.class)
                        .invoke(null, folder.toString(), NAME, true);
            } finally {
                delete(folder);
            }
        } catch (IOException | ReflectiveOperationException e) {
            System.err.println("Ray's native library is left in /tmp/ray by Ray: " + e);
        }
    }

    private static void delete(Path folder) throws IOException {
        File[] files = folder.toFile().listFiles();
        if (files != null) {
            for (File file : files) {
                Files.delete(file.toPath());
            }
        }
        Files.delete(folder);
    }
}
