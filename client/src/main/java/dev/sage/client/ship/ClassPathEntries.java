package dev.sage.client.ship;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;

/** The jars and folders that a class loader reads, in the order in which it looks into them. */
final class ClassPathEntries {
    private final Set<Path> entries = new LinkedHashSet<>();

    private ClassPathEntries() {}

    /** Those that exist. What is not a file, as a jar on a web server, is left out. */
    static Set<Path> of(ClassLoader loader) throws IOException {
        ClassPathEntries found = new ClassPathEntries();
        // Parents are asked first.
        Deque<ClassLoader> loaders = new ArrayDeque<>();
        ClassLoader platform = ClassLoader.getPlatformClassLoader();
        for (ClassLoader next = loader; next != null && next != platform; next = next.getParent()) {
            loaders.push(next);
        }
        for (ClassLoader next : loaders) {
            if (next == ClassLoader.getSystemClassLoader()) {
                for (String entry : System.getProperty("java.class.path", "").split(File.pathSeparator)) {
                    found.add(Path.of(entry));
                }
            } else if (next instanceof URLClassLoader urls) {
                for (URL url : urls.getURLs()) {
                    found.add(file(url.toString()));
                }
            }
        }
        return found.entries;
    }

    private void add(@Nullable Path path) throws IOException {
        if (path == null || !Files.exists(path) || !entries.add(path.toRealPath())) {
            return;
        }
        Path entry = path.toRealPath();
        if (Files.isDirectory(entry)) {
            return;
        }
        String named;
        boolean onlyNames;
        try (JarFile jar = new JarFile(entry.toFile(), false)) {
            Manifest manifest = jar.getManifest();
            named = manifest == null ? null : manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
            onlyNames = named != null
                    && jar.stream()
                            .allMatch(file -> file.getName().startsWith("META-INF/MANIFEST") || file.isDirectory());
        } catch (IOException e) {
            throw new IOException("'" + entry + "' on the class path is neither a folder nor a jar: " + e, e);
        }
        if (onlyNames) {
            entries.remove(entry);
        }
        if (named != null) {
            for (String relative : named.trim().split("\\s+")) {
                add(file(entry.toUri().resolve(relative).toString()));
            }
        }
    }

    private static @Nullable Path file(String url) {
        try {
            return url.startsWith("file:") ? Path.of(new URI(url)) : null;
        } catch (URISyntaxException | IllegalArgumentException | FileSystemNotFoundException notAFileHere) {
            return null;
        }
    }
}
