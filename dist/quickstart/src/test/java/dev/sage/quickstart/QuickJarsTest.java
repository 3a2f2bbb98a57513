package dev.sage.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the libraries themselves. */
class QuickJarsTest {
    @TempDir
    private Path folder;

    @Test
    void allFunctionLiteralsOfScalasLibraryArePlainAndTheyStillWork() throws Exception {
        Path jar = scala();
        assertThat(literals(jar)).isGreaterThan(100);
        QuickJars.main(new String[] {folder.toString()});
        assertThat(literals(jar)).isZero();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {jar.toUri().toURL()}, ClassLoader.getPlatformClassLoader())) {
            // Its default is a literal.
            Object map = module(loader, "scala.collection.immutable.Map");
            Object empty = map.getClass().getMethod("empty").invoke(map);
            Class<?> type = loader.loadClass("scala.collection.immutable.Map");
            Object withDefault =
                    type.getMethod("withDefaultValue", Object.class).invoke(empty, 5);
            assertThat(type.getMethod("apply", Object.class).invoke(withDefault, "any"))
                    .isEqualTo(5);
        }
    }

    private static Object module(ClassLoader loader, String name) throws ReflectiveOperationException {
        return loader.loadClass(name + "$").getField("MODULE$").get(null);
    }

    @Test
    void classesOfJavaFiveAreOnesOfJavaEightAndTheyStillWork() throws Exception {
        Path jar = copy(picocli.CommandLine.class);
        assertThat(oldest(jar)).isEqualTo(49);
        QuickJars.main(new String[] {folder.toString()});
        assertThat(oldest(jar)).isEqualTo(52);
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {jar.toUri().toURL()}, ClassLoader.getPlatformClassLoader())) {
            try (JarFile read = new JarFile(jar.toFile())) {
                for (ZipEntry entry : Collections.list(read.entries())) {
                    // The parts for Groovy extend what is not here.
                    if (entry.getName().matches("picocli/CommandLine.*\\.class")) {
                        String name = entry.getName().replace('/', '.');
                        // Initialized, so verified.
                        Class.forName(name.substring(0, name.length() - ".class".length()), true, loader);
                    }
                }
            }
            Class<?> spec = loader.loadClass("picocli.CommandLine$Model$CommandSpec");
            Object made = spec.getMethod("create").invoke(null);
            spec.getMethod("name", String.class).invoke(made, "quick");
            Class<?> line = loader.loadClass("picocli.CommandLine");
            Object command = line.getConstructor(Object.class).newInstance(made);
            assertThat((String) line.getMethod("getUsageMessage").invoke(command))
                    .startsWith("Usage: quick");
        }
    }

    private static int oldest(Path jar) throws IOException {
        int oldest = Integer.MAX_VALUE;
        try (JarFile read = new JarFile(jar.toFile())) {
            for (ZipEntry entry : Collections.list(read.entries())) {
                if (entry.getName().endsWith(".class")) {
                    try (DataInputStream in = new DataInputStream(read.getInputStream(entry))) {
                        in.skipNBytes(6);
                        oldest = Math.min(oldest, in.readUnsignedShort());
                    }
                }
            }
        }
        return oldest;
    }

    @Test
    void theManifestHasNoDigestsAndSaysWhatWasDone() throws IOException {
        Path jar = scala();
        String version = attribute(jar, "Implementation-Version");
        QuickJars.main(new String[] {folder.toString()});
        try (JarFile read = new JarFile(jar.toFile())) {
            assertThat(read.getManifest().getEntries()).isEmpty();
        }
        assertThat(attribute(jar, "Changed-By-Sage")).contains("without serialization");
        assertThat(attribute(jar, "Implementation-Version")).isEqualTo(version);
    }

    @Test
    void aSecondTimeNothingIsWritten() throws IOException {
        Path jar = scala();
        QuickJars.main(new String[] {folder.toString()});
        Object written = Files.getAttribute(jar, "unix:ino");
        QuickJars.main(new String[] {folder.toString()});
        assertThat(Files.getAttribute(jar, "unix:ino")).isEqualTo(written);
    }

    @Test
    void settingsLoseTheirCommentsAndKeepTheirLines() {
        assertThat(QuickJars.withoutComments("# of all\na {\n  // of b\n  b = \"#1\" # of one\n}"))
                .isEqualTo("\na {\n\n  b = \"#1\" # of one\n}\n");
    }

    @Test
    void settingsWithATextOfSeveralLinesStayAsTheyAre() {
        String settings = "a = \"\"\"\n# heading\n\"\"\"";
        assertThat(QuickJars.withoutComments(settings)).isEqualTo(settings);
    }

    @Test
    void aJarOfAnotherLanguageIsNotTouched() throws IOException {
        Path jar = folder.resolve("plain-1.0.jar");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
            out.putNextEntry(new ZipEntry("reference.conf"));
            out.write("# kept".getBytes(StandardCharsets.UTF_8));
        }
        byte[] before = Files.readAllBytes(jar);
        QuickJars.main(new String[] {folder.toString()});
        assertThat(jar).hasBinaryContent(before);
    }

    @Test
    void aBrokenJarIsNamedAndNothingIsLeftBeside() throws IOException {
        Path jar = folder.resolve("broken_2.13-1.0.jar");
        Files.writeString(jar, "no jar");
        assertThatThrownBy(() -> QuickJars.main(new String[] {folder.toString()}))
                .hasMessageContaining("Cannot make " + jar + " quick to start");
        assertThat(folder).isDirectoryContaining(jar::equals);
        try (var files = Files.list(folder)) {
            assertThat(files).hasSize(1);
        }
    }

    private Path scala() throws IOException {
        return copy(scala.Option.class);
    }

    /** A copy of the jar that it comes from. */
    private Path copy(Class<?> type) throws IOException {
        Path jar =
                Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath());
        return Files.copy(jar, folder.resolve(jar.getFileName()));
    }

    private static int literals(Path jar) throws IOException {
        List<String> with = new ArrayList<>();
        try (JarFile read = new JarFile(jar.toFile())) {
            for (ZipEntry entry : Collections.list(read.entries())) {
                if (entry.getName().endsWith(".class")) {
                    try (InputStream in = read.getInputStream(entry)) {
                        byte[] content = in.readAllBytes();
                        if (PlainLambdas.in(content) != content) {
                            with.add(entry.getName());
                        }
                    }
                }
            }
        }
        return with.size();
    }

    private static String attribute(Path jar, String name) throws IOException {
        try (JarFile read = new JarFile(jar.toFile())) {
            return read.getManifest().getMainAttributes().getValue(name);
        }
    }
}
