package dev.sage.node.core;

import java.time.Instant;

/** What the journal says of jobs. Stored for years: components may be added, and are never renamed or taken away. */
public sealed interface RegistryEvent {
    String id();

    record JobAccepted(NewJob job, Instant at) implements RegistryEvent {
        @Override
        public String id() {
            return job.id();
        }
    }

    /**
     * Written before the attempt starts.
     *
     * @param instance of the node that runs it
     */
    record JobStarted(String id, int attempt, String instance, Instant at) implements RegistryEvent {}

    /** The end was asked for. */
    record JobCancelled(String id, String reason, Instant at) implements RegistryEvent {}

    /** The node that ran it is gone, and it waits to run again. */
    record JobRestarted(String id, int attempt, Instant at) implements RegistryEvent {}

    record JobEnded(String id, int attempt, Outcome outcome) implements RegistryEvent {}

    /** It is in the history, and may be forgotten here. */
    record JobArchived(String id) implements RegistryEvent {}
}
