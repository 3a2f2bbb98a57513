package dev.sage.node.job;

import dev.sage.node.core.Ended;
import dev.sage.node.core.RegistryCommand.Finished;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** The history as the registry fills and empties it. Blocks, and fails, like all of the history. */
public interface HistoryStore extends History, AutoCloseable {
    /** Adds jobs, all or none; those that are there stay as they are. */
    void add(List<Ended> jobs);

    /** The jobs with one of these ids or keys. */
    List<Finished> known(Collection<String> ids, Collection<String> keys);

    /** The ids of jobs that ended before this time, or before the last {@code keep} ones. */
    List<String> beyond(int keep, Instant endedBefore, int limit);

    void delete(List<String> ids);

    /** Fails unless the database takes writes; leaves nothing. */
    void probe();

    @Override
    void close();
}
