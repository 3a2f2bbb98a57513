package dev.sage.node.core;

import java.util.Optional;

/**
 * A job in the registry.
 *
 * @param instance of the node that started the current attempt
 * @param outcome once it has ended; then it stays until it is in the history
 */
public record RegistryEntry(RegisteredJob job, Optional<String> instance, Optional<Outcome> outcome) {

    boolean isLive() {
        return outcome.isEmpty();
    }

    Optional<Ended> ended() {
        return outcome.map(end -> new Ended(job, end));
    }

    RegistryEntry withJob(RegisteredJob changed, Optional<String> startedBy) {
        return new RegistryEntry(changed, startedBy, outcome);
    }
}
