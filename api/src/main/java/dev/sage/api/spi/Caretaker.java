package dev.sage.api.spi;

import java.util.List;
import java.util.Map;

/** Finds, and frees, what Sage programs held that were killed; found by {@link java.util.ServiceLoader}. */
public interface Caretaker {
    /**
     * Looks into the state folder of the settings, or the usual one. Blocks; processes take a while to end. What living
     * owners hold is told and never touched. May be called while other Sage programs run, or do the same.
     *
     * @param settings full keys, as for {@link dev.sage.api.LocalEnvironment#create(String, Map)}
     * @param free whether to free what is left of dead owners; if not, it only looks
     * @throws dev.sage.api.SageException with code {@code config.invalid} or {@code home.unusable}
     */
    Findings look(Map<String, ?> settings, boolean free) throws InterruptedException;

    /**
     * What was found.
     *
     * @param home the state folder
     * @param clean whether nothing is left of any owner that is known to be dead
     */
    record Findings(String home, boolean clean, List<Finding> findings) {
        public Findings {
            findings = List.copyOf(findings);
        }
    }

    /**
     * One thing that is or was held.
     *
     * @param instance of Sage that it belongs to
     * @param job empty where it is of none
     * @param holder the service or command; empty for the job itself
     * @param resource in words: which process, GPU or port
     * @param outcome {@code freed}, {@code left}, {@code failed}, {@code owner lives}, {@code swept by another} or {@code
     *     foreign host}
     * @param reason empty where there is none to tell
     */
    record Finding(String instance, String job, String holder, String resource, String outcome, String reason) {}
}
