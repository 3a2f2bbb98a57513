package dev.sage.runtime.ray;

import dev.sage.runtime.core.ledger.LedgerEntry;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An actor that stands in the ledger; made, being made, or not known to be made. */
final class HeldActor {
    final LedgerEntry entry;
    /** As people call it: the holder, with a number where it has had several. */
    final String label;

    private volatile @Nullable RayActor made;
    private volatile boolean released;

    HeldActor(LedgerEntry entry, String label) {
        this.entry = entry;
        this.label = label;
    }

    void made(RayActor actor) {
        made = actor;
    }

    Optional<RayActor> actor() {
        return Optional.ofNullable(made);
    }

    /** Whether it ended without having been told to. */
    boolean died() {
        RayActor actor = made;
        return actor != null && actor.death().toCompletableFuture().isDone();
    }

    void released() {
        released = true;
    }

    boolean isReleased() {
        return released;
    }
}
