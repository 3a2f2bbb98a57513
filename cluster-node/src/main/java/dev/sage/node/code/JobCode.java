package dev.sage.node.code;

import dev.sage.api.graph.JobGraph;
import dev.sage.api.graph.Operator;
import dev.sage.api.graph.Vertex;
import dev.sage.api.spi.ServiceCaller;
import dev.sage.client.ship.GraphCodec;
import dev.sage.client.wire.ShippedCode;
import dev.sage.node.NodeException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The code of one job: a class loader of its own over the job's jars, and the job's graph. After {@link #close} no further
 * class is loaded; the classes go when nothing refers to them any more.
 */
public final class JobCode implements AutoCloseable {
    private final JobClassLoader loader;
    private final JobGraph graph;

    private JobCode(JobClassLoader loader, JobGraph graph) {
        this.loader = loader;
        this.graph = graph;
    }

    /** What the node does in the place of the client. */
    public interface Hooks {
        /** Takes the records of a {@code collect()}, all at once, when the tasks of the job have ended well. */
        Consumer<List<Object>> collect(String operator);

        /** Takes the lines of {@code print()}, from several threads. */
        Consumer<String> print();

        /**
         * The way to a shared service, which is that of another job.
         *
         * @param home the key by which that was submitted
         * @param loader of the classes of the calling job
         */
        ServiceCaller shared(String home, String service, ClassLoader loader);
    }

    /**
     * Checks the version of a submission, before anything is loaded.
     *
     * @param node the version of this node's Sage
     * @throws NodeException {@code code.sage-version}; only the same version is compatible
     */
    public static void checkVersion(ShippedCode code, String node) {
        CodeProblems.checkVersion(code, node);
    }

    /**
     * Loads a job. Runs code of the user (static initializers, {@code readObject}), so not on a thread that must not block.
     * Whoever submits the graph does so with {@link #loader} as context class loader, which the job's code then has, too.
     *
     * @param jars in the order of the class path
     * @param graph see {@link GraphCodec}
     * @throws NodeException {@code code.missing-class}, {@code code.java-version}, {@code code.unreadable}
     */
    public static JobCode load(String jobId, List<Path> jars, byte[] graph, Hooks hooks) throws IOException {
        JobClassLoader loader = new JobClassLoader(jobId, jars);
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            return new JobCode(loader, hooked(decoded(graph, loader, hooks), hooks));
        } catch (Exception | LinkageError | StackOverflowError e) {
            loader.close();
            throw CodeProblems.of(jobId, e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static JobGraph decoded(byte[] graph, JobClassLoader loader, Hooks hooks)
            throws IOException, ClassNotFoundException {
        return GraphCodec.decode(graph, loader, (home, service) -> hooks.shared(home, service, loader));
    }

    private static JobGraph hooked(JobGraph graph, Hooks hooks) {
        List<Vertex> vertices = new ArrayList<>();
        for (Vertex vertex : graph.vertices()) {
            if (vertex.operator() instanceof Operator.Collect) {
                vertices.add(GraphCodec.with(vertex, new Operator.Collect(hooks.collect(vertex.name()))));
            } else if (vertex.operator() instanceof Operator.Print print) {
                PrintTo lines = new PrintTo(print.prefix(), hooks.print());
                vertices.add(GraphCodec.with(vertex, new Operator.SinkTo(lines)));
            } else {
                vertices.add(vertex);
            }
        }
        return new JobGraph(graph.name(), vertices, graph.services());
    }

    public JobGraph graph() {
        return graph;
    }

    /** Of the classes of the job, for whatever is read or written on its behalf. */
    public ClassLoader loader() {
        return loader;
    }

    @Override
    public void close() throws IOException {
        loader.close();
    }
}
