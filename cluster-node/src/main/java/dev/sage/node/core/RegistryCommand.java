package dev.sage.node.core;

import dev.sage.client.wire.JobView;
import java.util.Optional;

/** What the registry can be told. */
public sealed interface RegistryCommand {
    /**
     * A job of the history.
     *
     * @param contentHash of its submission
     */
    record Finished(JobView job, String contentHash) {}

    /**
     * A submission.
     *
     * @param finished the job of the history with its key, or else with its id. Looked for after everything that the state
     *     calls archived was in the history: so a key is always in the one or the other
     */
    record Accept(NewJob job, Optional<Finished> finished) implements RegistryCommand {}

    /** An attempt is about to start on this instance of the node. */
    record Start(String id, int attempt, String instance) implements RegistryCommand {}

    record End(String id, int attempt, Outcome outcome) implements RegistryCommand {}

    record Cancel(String id, String reason) implements RegistryCommand {}

    /** The job is in the history. */
    record Archive(String id) implements RegistryCommand {}

    /** This instance of the node has read the journal: decides what becomes of what others left behind. */
    record Recover(String instance) implements RegistryCommand {}

    /** Asks for the jobs that have not ended. */
    record List() implements RegistryCommand {}
}
