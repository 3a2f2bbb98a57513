package dev.sage.node.job;

import dev.sage.api.graph.JobGraph;
import dev.sage.client.wire.OutputLine;
import dev.sage.node.code.JobCode;
import dev.sage.node.core.NewJob;
import dev.sage.runtime.feed.Feed;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A job whose code is loaded.
 *
 * @param code none of a program
 * @param collects the operators whose records it brings back
 */
record PreparedJob(NewJob job, JobGraph graph, Optional<JobCode> code, PrintLog print, Set<String> collects)
        implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PreparedJob.class);

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
        if (code.isPresent()) {
            try {
                code.get().close();
            } catch (IOException e) {
                log.warn("The jars of job {} cannot be closed", job.id(), e);
            }
        }
    }
}
