package dev.sage.quickstart;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Rewrites the jars of Scala and of picocli in a folder, in place: function literals and classes that an archive of classes can hold
 * ({@link PlainLambdas}, {@link OldClasses}), a manifest without a digest for each class, and settings without comments, of which
 * a node would read 250 KB at each start. Lines keep their numbers. Each jar says in its manifest what was done.
 *
 * <p>Arguments: the folders, whose own jars are taken.
 */
public final class QuickJars {
    private static final String NOTE = "Changed-By-Sage";
    private static final Pattern REWRITTEN =
            Pattern.compile(".*_2\\.13-.*\\.jar|scala-library-.*\\.jar|picocli-.*\\.jar");
    private static final Pattern SIGNATURE = Pattern.compile("META-INF/[^/]+\\.(SF|RSA|DSA|EC)");

    private QuickJars() {}

    public static void main(String[] folders) throws IOException {
        List<Path> jars = new ArrayList<>();
        for (String folder : folders) {
            try (Stream<Path> files = Files.list(Path.of(folder))) {
                files.filter(file ->
                                REWRITTEN.matcher(file.getFileName().toString()).matches())
                        .forEach(jars::add);
            }
        }
        jars.parallelStream().forEach(jar -> {
            try {
                rewrite(jar);
            } catch (IOException | IllegalArgumentException | TypeNotPresentException e) {
                throw new IllegalStateException("Cannot make " + jar + " quick to start: " + e, e);
            }
        });
    }

    /** In place, in one step; a second time it does nothing. */
    static void rewrite(Path jar) throws IOException {
        Path part = jar.resolveSibling(jar.getFileName() + ".part");
        // Without a look at signatures, which are left out.
        try (JarFile in = new JarFile(jar.toFile(), false)) {
            if (isRewritten(in)) {
                return;
            }
            try (URLClassLoader all = new URLClassLoader(new URL[] {jar.toUri().toURL()});
                    ZipOutputStream out = new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(part)))) {
                OldClasses old = new OldClasses(all);
                // Read at each start, and seldom copied.
                out.setLevel(Deflater.BEST_SPEED);
                for (JarEntry entry : Collections.list(in.entries())) {
                    if (!SIGNATURE.matcher(entry.getName()).matches()) {
                        ZipEntry copy = new ZipEntry(entry.getName());
                        copy.setTime(entry.getTime());
                        out.putNextEntry(copy);
                        out.write(rewritten(
                                entry.getName(), in.getInputStream(entry).readAllBytes(), old));
                        out.closeEntry();
                    }
                }
            }
            Files.move(part, jar, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static boolean isRewritten(JarFile jar) throws IOException {
        Manifest manifest = jar.getManifest();
        return manifest != null && manifest.getMainAttributes().getValue(NOTE) != null;
    }

    private static byte[] rewritten(String name, byte[] content, OldClasses old) {
        if (name.endsWith(".class")) {
            return PlainLambdas.in(old.raised(content));
        }
        if (name.endsWith(".conf")) {
            return withoutComments(new String(content, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
        }
        return name.equals(JarFile.MANIFEST_NAME) ? withoutDigests(content) : content;
    }

    /** Lines that are nothing but a comment are empty then. A text of several lines may hold what looks like one. */
    static String withoutComments(String settings) {
        if (settings.contains("\"\"\"")) {
            return settings;
        }
        return settings.lines()
                .map(line -> line.strip().startsWith("#") || line.strip().startsWith("//") ? "" : line)
                .collect(Collectors.joining("\n", "", "\n"));
    }

    /** The digests would be those of other class files. */
    private static byte[] withoutDigests(byte[] content) {
        try {
            Manifest manifest = new Manifest(new ByteArrayInputStream(content));
            manifest.getEntries().clear();
            manifest.getMainAttributes()
                    .putValue(NOTE, "lambdas without serialization, class files of Java 8, settings without comments");
            ByteArrayOutputStream written = new ByteArrayOutputStream();
            manifest.write(written);
            return written.toByteArray();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
