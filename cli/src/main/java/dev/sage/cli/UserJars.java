package dev.sage.cli;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/** The jars of a user's program, with a class loader of their own. */
final class UserJars {
    private final Path first;
    private final ClassLoader loader;

    private UserJars(Path first, ClassLoader loader) {
        this.first = first;
        this.loader = loader;
    }

    static UserJars open(List<Path> jars, ClassLoader sage) throws IOException {
        URL[] urls = new URL[jars.size()];
        for (int i = 0; i < urls.length; i++) {
            urls[i] = checked(jars.get(i)).toUri().toURL();
        }
        return new UserJars(jars.get(0), new ChildFirst(urls, sage));
    }

    /** A class loader takes a file that is not there for an empty one, and would only miss the class later. */
    private static Path checked(Path jar) throws IOException {
        if (!Files.exists(jar)) {
            throw new NoSuchFileException(jar.toString());
        }
        if (!Files.isReadable(jar)) {
            throw new AccessDeniedException(jar.toString());
        }
        return jar;
    }

    /** Never closed: the clean-up of a job, in the JVM's shutdown, may still need classes from it. */
    ClassLoader loader() {
        return loader;
    }

    Optional<String> mainClass() throws IOException {
        try (JarFile jar = new JarFile(first.toFile())) {
            Manifest manifest = jar.getManifest();
            return Optional.ofNullable(
                    manifest == null ? null : manifest.getMainAttributes().getValue(Attributes.Name.MAIN_CLASS));
        }
    }

    /**
     * Takes classes from the jars first, so that a program gets the versions of libraries that it came with. What it
     * shares with Sage, the api and the logger's, must be the same class on both sides and comes from the parent.
     */
    private static final class ChildFirst extends URLClassLoader {
        private static final List<String> SHARED =
                List.of("java.", "dev.sage.api.", "dev.sage.client.", "dev.sage.runtime.", "org.slf4j.");

        static {
            registerAsParallelCapable();
        }

        ChildFirst(URL[] jars, ClassLoader parent) {
            super("user", jars, parent);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (SHARED.stream().anyMatch(name::startsWith)) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded != null ? loaded : ownOrParents(name, resolve);
            }
        }

        private Class<?> ownOrParents(String name, boolean resolve) throws ClassNotFoundException {
            try {
                return findClass(name);
            } catch (ClassNotFoundException notInTheJars) {
                return super.loadClass(name, resolve);
            }
        }
    }
}
