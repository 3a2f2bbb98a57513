package dev.sage.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The programs that can be run by name. A jar of the class path offers one by a resource {@code
 * META-INF/sage/programs/NAME}, whose first line is the main class and whose second a summary. Finding one by its name is
 * a look-up; only listing them opens every jar.
 */
final class Programs {
    private static final String FOLDER = "META-INF/sage/programs/";
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]*");

    private Programs() {}

    static Optional<Program> find(String name) {
        URL resource = NAME.matcher(name).matches() ? loader().getResource(FOLDER + name) : null;
        return Optional.ofNullable(resource).map(found -> read(name, found));
    }

    /** By name. */
    static List<Program> all() {
        TreeSet<String> names = new TreeSet<>();
        try {
            for (URL folder : Collections.list(loader().getResources(FOLDER))) {
                names.addAll(entries(folder));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        names.removeIf(name -> !NAME.matcher(name).matches());
        return names.stream().flatMap(name -> find(name).stream()).toList();
    }

    private static List<String> entries(URL folder) throws IOException {
        URLConnection connection = folder.openConnection();
        if (connection instanceof JarURLConnection jar) {
            return jar.getJarFile().stream()
                    .map(JarEntry::getName)
                    .filter(entry -> entry.startsWith(FOLDER))
                    .map(entry -> entry.substring(FOLDER.length()))
                    .toList();
        }
        try (Stream<Path> files = Files.list(Path.of(URI.create(folder.toString())))) {
            return files.map(file -> String.valueOf(file.getFileName())).toList();
        }
    }

    private static Program read(String name, URL resource) {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(resource.openStream(), StandardCharsets.UTF_8))) {
            String mainClass = lines.readLine();
            if (mainClass == null) {
                throw new IOException(resource + " is empty; its first line must be the main class of the program.");
            }
            String summary = lines.readLine();
            return new Program(name, mainClass.strip(), summary == null ? "" : summary.strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ClassLoader loader() {
        return Programs.class.getClassLoader();
    }
}
