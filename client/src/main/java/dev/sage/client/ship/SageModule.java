package dev.sage.client.ship;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/**
 * Tells the modules of Sage that a node has itself: they say the package of their classes in a resource, and have no
 * others. A jar into which somebody has put Sage together with other code is not one of them.
 */
final class SageModule {
    private static final String RESOURCE = "META-INF/sage/module";

    private SageModule() {}

    static boolean is(Path entry) throws IOException {
        return Files.isDirectory(entry) ? isFolder(entry) : isJar(entry);
    }

    private static boolean isFolder(Path folder) throws IOException {
        Path resource = folder.resolve(RESOURCE);
        if (!Files.isRegularFile(resource)) {
            return false;
        }
        String home = Files.readString(resource).trim();
        try (Stream<Path> files = Files.walk(folder)) {
            return areOf(home, files.map(file -> folder.relativize(file).toString()));
        }
    }

    private static boolean isJar(Path file) throws IOException {
        try (JarFile jar = new JarFile(file.toFile(), false)) {
            ZipEntry resource = jar.getEntry(RESOURCE);
            if (resource == null) {
                return false;
            }
            try (InputStream in = jar.getInputStream(resource)) {
                String home = new String(in.readAllBytes(), StandardCharsets.UTF_8).trim();
                return areOf(home, jar.stream().map(ZipEntry::getName));
            }
        }
    }

    private static boolean areOf(String home, Stream<String> files) {
        String folder = home.replace('.', '/') + "/";
        return files.filter(name -> name.endsWith(".class"))
                .allMatch(name -> name.replace('\\', '/').startsWith(folder));
    }
}
