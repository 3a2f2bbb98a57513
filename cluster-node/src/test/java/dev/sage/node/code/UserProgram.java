package dev.sage.node.code;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.api.Environment;
import dev.sage.api.spi.RecordedGraph;
import dev.sage.client.ship.ClassPath;
import dev.sage.client.ship.GraphCodec;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** A program of a user, compiled into jars that are on nobody's class path. */
final class UserProgram {
    private final Path folder;
    private final List<Path> parts = new ArrayList<>();

    UserProgram(Path folder) {
        this.folder = folder;
    }

    /** Compiles against the test's class path and the parts before. */
    UserProgram with(String part, Map<String, String> sources, Map<String, String> resources) throws IOException {
        Path classes = Files.createDirectories(folder.resolve(part));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        String classPath = System.getProperty("java.class.path")
                + parts.stream().map(known -> ":" + known).reduce("", String::concat);
        List<Source> files = sources.entrySet().stream()
                .map(source -> new Source(source.getKey(), source.getValue()))
                .toList();
        List<String> options = List.of("-d", classes.toString(), "-cp", classPath, "--release", "17", "-proc:none");
        assertThat(compiler.getTask(null, null, null, options, null, files).call())
                .isTrue();
        for (Map.Entry<String, String> resource : resources.entrySet()) {
            Path file = classes.resolve(resource.getKey());
            Files.createDirectories(file.getParent());
            Files.writeString(file, resource.getValue());
        }
        parts.add(classes);
        return this;
    }

    Path classes(String part) {
        return folder.resolve(part);
    }

    /** The jars of all parts, as a client would send them. */
    List<Path> jars() throws IOException {
        Path target = Files.createDirectories(folder.resolve("jars"));
        List<Path> jars = new ArrayList<>();
        try (URLClassLoader only = new URLClassLoader(urls(), ClassLoader.getPlatformClassLoader());
                ClassPath packed = ClassPath.pack(only, ClassPath.Limits.DEFAULT)) {
            for (ClassPath.Packed jar : packed.artifacts()) {
                Path copy = target.resolve(jar.artifact().sha256() + ".jar");
                try (InputStream content = jar.content().open()) {
                    Files.copy(content, copy, StandardCopyOption.REPLACE_EXISTING);
                }
                jars.add(copy);
            }
        }
        return jars;
    }

    /** What a client sends after it has run {@code static void build(Environment, String)} of a class. */
    byte[] graph(String builder, String argument) throws Exception {
        try (URLClassLoader client = new URLClassLoader(urls(), UserProgram.class.getClassLoader())) {
            RecordedGraph recording = new RecordedGraph("recording");
            client.loadClass(builder)
                    .getMethod("build", Environment.class, String.class)
                    .invoke(null, recording, argument);
            return GraphCodec.encode(recording.graph());
        }
    }

    private URL[] urls() throws IOException {
        URL[] urls = new URL[parts.size()];
        for (int i = 0; i < urls.length; i++) {
            urls[i] = parts.get(i).toUri().toURL();
        }
        return urls;
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String type, String text) {
            super(URI.create("string:///" + type.replace('.', '/') + ".java"), JavaFileObject.Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
