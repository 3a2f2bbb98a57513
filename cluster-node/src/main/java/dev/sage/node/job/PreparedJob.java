package dev.sage.node.job;

import dev.sage.api.graph.JobGraph;
import dev.sage.client.wire.OutputLine;
import dev.sage.node.code.JobCode;
import dev.sage.node.core.NewJob;
import dev.sage.runtime.feed.Feed;
import java.util.Optional;
import java.util.Set;

/**
 * A job whose code is loaded.
 *
 * @param code none of a program
 * @param collects the operators whose records it brings back
 */
record PreparedJob(NewJob job, JobGraph graph, Optional<JobCode> code, PrintLog print, Set<String> collects)
        implements AutoCloseable {

    boolean prints() {
        return print.isUsed();
    }

    void connect(Feed<OutputLine> output) {
        print.connect(output);
    }

    ClassLoader loader() {
        return code.map(JobCode::loader).orElseGet(PreparedJob.class::getClassLoader);
    }

    /** Its tasks have ended. */
    void finish() {
        print.close();
    }

    @Override
    public void close() {
        print.close();
        code.ifPresent(JobCode::close);
    }
}
