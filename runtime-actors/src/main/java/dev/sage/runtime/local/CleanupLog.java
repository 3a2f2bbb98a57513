package dev.sage.runtime.local;

import dev.sage.api.CleanupReport;
import dev.sage.api.JobResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells what is given back, line by line, to a logger of its own: whoever ends a program by a signal wants to see that,
 * and nobody else does.
 */
final class CleanupLog {
    private static final Logger LOG = LoggerFactory.getLogger("dev.sage.cleanup");

    private CleanupLog() {}

    /** Tasks are left out: there may be thousands, and they hold nothing but threads. */
    static void line(String jobId, CleanupReport.Line line) {
        if (!line.kind().equals("task")) {
            LOG.debug("job {}: {}", jobId, line);
        }
    }

    static void ended(JobResult result) {
        LOG.debug(
                "job {} ({}): {}, {} after {} ms",
                result.id(),
                result.name(),
                result.state(),
                result.clean() ? "clean" : "NOT clean: " + result.cleanup().failures(),
                result.duration().toMillis());
    }
}
