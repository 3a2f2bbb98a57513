package dev.sage.node.job;

import dev.sage.client.wire.JobPage;
import java.util.List;
import java.util.Optional;

/**
 * The jobs that have ended, in a table of the database. Every method blocks on the database, and may be called on any
 * thread that may block.
 *
 * <p>All fail with {@link dev.sage.node.NodeException} {@code history.unavailable} when the database cannot be reached.
 */
public interface History {
    /**
     * Some of the jobs, the newest submission first. {@link JobPages#merge} puts live ones between them.
     *
     * @throws dev.sage.node.NodeException {@code page.invalid} when {@code after} is not what a page before gave
     */
    JobPage page(Jobs.Query query);

    /** The jobs whose id is this or begins with it: two at most, as two are ambiguous already. */
    List<FinishedJob> find(String idOrPrefix);

    Optional<FinishedJob> byKey(String key);

    /** Fails unless the database answers. */
    void ping();
}
