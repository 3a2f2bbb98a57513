package dev.sage.acceptance;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/** A user's jar, with one of the test's classes. */
final class ProgramJar {
    private ProgramJar() {}

    /** In this folder, by the name of the class; with the classes inside of that. */
    static String of(Path folder, Class<?> program) throws IOException {
        Path classes = Path.of("target", "test-classes");
        Path packageFolder = classes.resolve(program.getPackageName().replace('.', '/'));
        Path jar = folder.resolve(program.getSimpleName() + ".jar");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(file);
                DirectoryStream<Path> compiled =
                        Files.newDirectoryStream(packageFolder, program.getSimpleName() + "*.class")) {
            for (Path type : compiled) {
                entries.putNextEntry(new JarEntry(classes.relativize(type).toString()));
                Files.copy(type, entries);
            }
        }
        return jar.toString();
    }
}
