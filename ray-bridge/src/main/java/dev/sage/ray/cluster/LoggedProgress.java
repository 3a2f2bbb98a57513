package dev.sage.ray.cluster;

import dev.sage.api.spi.RayControl;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** For programs without a terminal of their own; as warnings, because minutes pass in which nothing else happens. */
final class LoggedProgress implements RayControl.Progress {
    private static final Logger log = LoggerFactory.getLogger("dev.sage.progress");
    private static final long MEGABYTE = 1_000_000;
    private static final int LINES_PER_FILE = 5;

    private long told;

    @Override
    public void step(String what) {
        told = 0;
        log.warn("{}", what);
    }

    @Override
    public void downloaded(long bytes, long total) {
        long part = total < MEGABYTE ? 0 : bytes * LINES_PER_FILE / total;
        if (part > told) {
            told = part;
            log.warn("{} of {} MB.", bytes / MEGABYTE, total / MEGABYTE);
        }
    }
}
