package dev.sage.client.ship;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.sage.api.SageException;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What of a class path goes to a node, and as what. */
class ClassPathTest {
    @TempDir
    Path folder;

    private Path file(String name, String content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }

    private Path jar(String name, String classPath, String... entries) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        if (classPath != null) {
            manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, classPath);
        }
        Path jar = folder.resolve(name);
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            for (String entry : entries) {
                out.putNextEntry(new JarEntry(entry));
                out.write(entry.endsWith("module") ? "dev.sage.api".getBytes(StandardCharsets.UTF_8) : new byte[10]);
            }
        }
        return jar;
    }

    private static List<ClassPath.Packed> packed(ClassPath.Limits limits, Path... entries) throws IOException {
        URL[] urls = new URL[entries.length];
        for (int i = 0; i < urls.length; i++) {
            urls[i] = entries[i].toUri().toURL();
        }
        try (URLClassLoader loader = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
                ClassPath packed = ClassPath.pack(loader, limits)) {
            return packed.artifacts();
        }
    }

    private static List<String> names(Path... entries) throws IOException {
        return packed(ClassPath.Limits.DEFAULT, entries).stream()
                .map(artifact -> artifact.artifact().name())
                .toList();
    }

    @Test
    void foldersOfTheSameContentAreTheSameJarWhereverAndWheneverTheyWereMade() throws IOException {
        file("one/b/B.class", "b");
        file("one/a.txt", "a");
        Files.setLastModifiedTime(file("two/a.txt", "a"), FileTime.from(Instant.EPOCH));
        file("two/b/B.class", "b");
        file("three/b/B.class", "B");
        file("three/a.txt", "a");
        List<String> digests = new ArrayList<>();
        for (String name : List.of("one", "two", "three")) {
            digests.add(packed(ClassPath.Limits.DEFAULT, folder.resolve(name))
                    .get(0)
                    .artifact()
                    .sha256());
        }
        assertThat(digests.get(0)).hasSize(64).isEqualTo(digests.get(1)).isNotEqualTo(digests.get(2));
    }

    @Test
    void jarsOfFoldersEndWhenItIsClosedAndOthersStay() throws IOException {
        file("classes/A.class", "a");
        Path jar = jar("b.jar", null, "B.class");
        List<ClassPath.Packed> packed = packed(ClassPath.Limits.DEFAULT, folder.resolve("classes"), jar);
        assertThat(packed).hasSize(2);
        assertThatIOException().isThrownBy(() -> read(packed.get(0)));
        assertThat(read(packed.get(1))).isEqualTo(Files.readAllBytes(jar));
    }

    private static byte[] read(ClassPath.Packed packed) throws IOException {
        try (InputStream content = packed.content().open()) {
            return content.readAllBytes();
        }
    }

    /** Packs a class path, and stays until it is killed. */
    static final class Packing {
        public static void main(String[] args) throws Exception {
            try (URLClassLoader loader = new URLClassLoader(
                            new URL[] {Path.of(args[0]).toUri().toURL()}, ClassLoader.getPlatformClassLoader());
                    ClassPath packed = ClassPath.pack(loader, ClassPath.Limits.DEFAULT)) {
                ClassPath.Packed jar = packed.artifacts().get(0);
                for (int time = 0; time < 2; time++) {
                    System.out.println(Digests.of(new ByteArrayInputStream(read(jar)))
                            .equals(jar.artifact().sha256()));
                }
                new CountDownLatch(1).await();
            }
        }
    }

    @Test
    void aKilledProgramLeavesNothingOfWhatItPacked() throws Exception {
        file("classes/A.class", "a");
        Path temporary = Files.createDirectory(folder.resolve("temporary"));
        Process program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.io.tmpdir=" + temporary,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Packing.class.getName(),
                        folder.resolve("classes").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader said = program.inputReader()) {
            assertThat(said.readLine()).isEqualTo("true");
            assertThat(said.readLine()).isEqualTo("true");
        } finally {
            program.destroyForcibly().waitFor();
        }
        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void jarThatOnlyNamesOthersIsReplacedByThem() throws IOException {
        jar("b.jar", "c.jar", "B.class");
        jar("c.jar", null, "C.class");
        Path naming = jar("surefirebooter.jar", "b.jar missing.jar classes/");
        file("classes/A.class", "a");
        assertThat(names(naming)).containsExactly("b.jar", "c.jar", "classes.jar");
    }

    @Test
    void sameJarTwiceIsSentOnce() throws IOException {
        Path jar = jar("b.jar", null, "B.class");
        assertThat(names(jar, Files.copy(jar, folder.resolve("copy.jar")), jar)).containsExactly("b.jar");
    }

    @Test
    void modulesOfSageAreLeftOutButNotAJarThatHasThemInside() throws IOException {
        Path module = jar("sage-api.jar", null, "META-INF/sage/module", "dev/sage/api/Service.class");
        Path fat = jar("fat.jar", null, "META-INF/sage/module", "dev/sage/api/Service.class", "user/A.class");
        assertThat(names(module, fat)).containsExactly("fat.jar");
    }

    @Test
    void classPathOfThisTestHasNothingOfSageButTheTest() throws IOException {
        try (ClassPath packed = ClassPath.pack(ClassPathTest.class.getClassLoader(), ClassPath.Limits.DEFAULT)) {
            List<String> names = packed.artifacts().stream()
                    .map(artifact -> artifact.artifact().name())
                    .toList();
            assertThat(names).contains("test-classes.jar").anyMatch(name -> name.startsWith("assertj-core"));
            assertThat(names).noneMatch(name -> name.equals("classes.jar") || name.startsWith("sage-"));
        }
    }

    @Test
    void jarBeyondTheLimitIsNamedWithItsSize() throws IOException {
        Path jar = jar("big.jar", null, "B.class");
        long size = Files.size(jar);
        assertThatExceptionOfType(SageException.class)
                .isThrownBy(() -> packed(new ClassPath.Limits(size - 1, 1_000_000), jar))
                .withMessageContaining("big.jar")
                .withMessageContaining(size + " bytes. For one jar at most " + (size - 1));
        Path other = jar("other.jar", null, "C.class");
        assertThatExceptionOfType(SageException.class)
                .isThrownBy(() -> packed(new ClassPath.Limits(size, size), jar, other))
                .withMessageContaining("other.jar")
                .withMessageContaining("all jars of a job together");
        assertThat(packed(new ClassPath.Limits(size, size), jar)).hasSize(1);
    }

    @Test
    void changedJarHasAnotherDigest() throws IOException {
        Path jar = jar("b.jar", null, "B.class");
        String before = packed(ClassPath.Limits.DEFAULT, jar).get(0).artifact().sha256();
        jar("b.jar", null, "B.class", "C.class");
        assertThat(packed(ClassPath.Limits.DEFAULT, jar).get(0).artifact().sha256())
                .isNotEqualTo(before);
    }
}
