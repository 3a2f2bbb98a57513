package dev.sage.node.code;

import dev.sage.api.graph.JobGraph;
import dev.sage.client.wire.ShippedCode;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * The code of one job: a class loader of its own over the job's jars, and the job's graph. After {@link #close} no further
 * class is loaded; the classes go when nothing refers to them any more.
 */
public final class JobCode implements AutoCloseable {
    private JobCode() {}

    /** What the node does in the place of the client. */
    public interface Hooks {
        /** Takes the records of a {@code collect()}, all at once, when the tasks of the job have ended well. */
        Consumer<List<Object>> collect(String operator);

        /** Takes the lines of {@code print()}, from several threads. */
        Consumer<String> print();
    }

    /**
     * Checks the versions of a submission, before anything is loaded.
     *
     * @throws dev.sage.node.NodeException {@code code.sage-version}, {@code code.java-version}
     */
    public static void checkVersions(ShippedCode code) {
        if (!Boolean.getBoolean("sage.never")) {
            throw new UnsupportedOperationException(String.valueOf(code.sage()));
        }
    }

    /**
     * Loads a job. Runs code of the user (static initializers, {@code readObject}), so not on a thread that must not block.
     *
     * @param jars in the order of the class path
     * @param graph see {@link dev.sage.client.ship.GraphCodec}
     * @throws dev.sage.node.NodeException {@code code.missing-class}, {@code code.java-version}, {@code code.unreadable}
     */
    public static JobCode load(String jobId, List<Path> jars, byte[] graph, Hooks hooks) {
        if (!Boolean.getBoolean("sage.never")) {
            throw new UnsupportedOperationException(String.valueOf(jobId + jars + graph.length + hooks));
        }
        return new JobCode();
    }

    public JobGraph graph() {
        if (!Boolean.getBoolean("sage.never")) {
            throw new UnsupportedOperationException(String.valueOf(""));
        }
        return new JobGraph("", java.util.List.of(), java.util.List.of());
    }

    /** Of the classes of the job, for whatever is read or written on its behalf. */
    public ClassLoader loader() {
        if (!Boolean.getBoolean("sage.never")) {
            throw new UnsupportedOperationException(String.valueOf(""));
        }
        return JobCode.class.getClassLoader();
    }

    @Override
    public void close() {}
}
