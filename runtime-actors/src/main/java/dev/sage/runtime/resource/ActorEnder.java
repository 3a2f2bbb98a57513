package dev.sage.runtime.resource;

import dev.sage.runtime.core.ledger.Resource;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Ends actors of Ray that dead owners left. Blocks for as long as that takes. */
@FunctionalInterface
public interface ActorEnder {
    /** Ends none. */
    ActorEnder LEAVES = actors -> actors.stream()
            .collect(Collectors.toMap(actor -> actor, actor -> new Found(false, "left to another sweep")));

    /** What became of each of these. */
    Map<Resource.RayActor, Found> end(Set<Resource.RayActor> actors) throws InterruptedException;

    /**
     * What became of an actor.
     *
     * @param gone whether it is known to be gone
     * @param reason how that is known, where that is worth telling, or why it is not
     */
    record Found(boolean gone, String reason) {}
}
