package dev.sage.node.code;

import dev.sage.api.graph.JobGraph;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;

/**
 * The classes of one job, as its client's JVM would see them: those of the JDK, and those of the job's jars. Of the node it
 * sees only what both share and what user code is compiled against, the api with the client's part and the logging
 * facade, which always come from the node, also where a jar has a copy.
 */
final class JobClassLoader extends URLClassLoader {
    private static final List<String> SHARED = List.of("dev.sage.api.", "dev.sage.client.", "org.slf4j.");
    private static final ClassLoader NODE = JobGraph.class.getClassLoader();

    static {
        registerAsParallelCapable();
    }

    JobClassLoader(String jobId, List<Path> jars) throws IOException {
        super("job-" + jobId, urls(jars), ClassLoader.getPlatformClassLoader());
    }

    private static URL[] urls(List<Path> jars) throws IOException {
        URL[] urls = new URL[jars.size()];
        for (int i = 0; i < urls.length; i++) {
            urls[i] = jars.get(i).toUri().toURL();
        }
        return urls;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (SHARED.stream().anyMatch(name::startsWith)) {
            try {
                return Class.forName(name, false, NODE);
            } catch (ClassNotFoundException notOfTheNode) {
                // Such as org.slf4j.bridge, which is in a jar of its own.
            }
        }
        return super.loadClass(name, resolve);
    }
}
