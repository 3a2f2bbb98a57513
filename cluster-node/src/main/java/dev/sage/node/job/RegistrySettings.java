package dev.sage.node.job;

import com.typesafe.config.Config;
import dev.sage.runtime.config.Checked;
import java.time.Duration;

/**
 * The settings under {@code sage.node.registry} and {@code sage.node.history}; {@code reference.conf} tells what each one
 * means.
 */
public record RegistrySettings(
        int waitingCalls,
        int callsPerWrite,
        Duration answerWithin,
        int snapshotEvery,
        Duration retryAfter,
        Duration retryAfterAtMost,
        Duration copyAfter,
        int keepJobs,
        Duration keepFor,
        Duration sweepEvery,
        int sweepJobs) {

    /** Reads them; {@code config.invalid} when one is out of its bounds. */
    public static RegistrySettings read(Config config) {
        Checked registry = new Checked(config, "sage.node.registry");
        Checked history = new Checked(config, "sage.node.history");
        Duration retryAfter = registry.duration("retry-after");
        Duration atMost = registry.duration("retry-after-at-most");
        Checked.within("sage.node.registry.retry-after", retryAfter, "sage.node.registry.retry-after-at-most", atMost);
        return new RegistrySettings(
                registry.integer("waiting-calls", 1, 1_000_000),
                registry.integer("calls-per-write", 1, 10_000),
                registry.duration("answer-within"),
                registry.integer("snapshot-every", 10, 1_000_000),
                retryAfter,
                atMost,
                history.duration("copy-after"),
                history.integer("keep-jobs", 1, 1_000_000_000),
                history.duration("keep-for"),
                history.duration("sweep-every"),
                history.integer("sweep-jobs", 1, 10_000));
    }
}
