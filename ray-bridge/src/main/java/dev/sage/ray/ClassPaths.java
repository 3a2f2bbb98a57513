package dev.sage.ray;

import java.io.File;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where the classes of a user are: the files of the loaders that know them, and the class path of this JVM. */
final class ClassPaths {
    private ClassPaths() {}

    /** Files and folders that exist, those of the innermost loader first. */
    static List<String> of(@Nullable ClassLoader classes) {
        Set<String> paths = new LinkedHashSet<>();
        for (ClassLoader loader = classes; loader != null; loader = loader.getParent()) {
            if (loader instanceof URLClassLoader files) {
                for (URL url : files.getURLs()) {
                    add(paths, url);
                }
            }
        }
        Arrays.stream(System.getProperty("java.class.path", "").split(File.pathSeparator))
                .filter(entry -> !entry.isEmpty())
                .map(Path::of)
                .filter(Files::exists)
                .forEach(path -> paths.add(path.toAbsolutePath().toString()));
        return new ArrayList<>(paths);
    }

    private static void add(Set<String> paths, URL url) {
        try {
            URI uri = url.toURI();
            if ("file".equals(uri.getScheme()) && Files.exists(Path.of(uri))) {
                paths.add(Path.of(uri).toString());
            }
        } catch (URISyntaxException noFile) {
            // It has no files for others.
        }
    }
}
