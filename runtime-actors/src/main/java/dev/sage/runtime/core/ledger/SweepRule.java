package dev.sage.runtime.core.ledger;

import java.util.List;
import java.util.Optional;

/**
 * What a sweep may do with an entry whose owner is known to be dead, as its lock is free. A process is ended by its mark
 * and by nothing else: a number means another process after a while.
 */
public final class SweepRule {
    private SweepRule() {}

    /** What is to be done next. */
    public sealed interface Verdict {}

    /** Not for us to touch. */
    public record Leave(String why) implements Verdict {}

    /** What has this mark is to be ended; {@link #remains} tells what came of it. */
    public record End(String mark) implements Verdict {}

    /** Its cluster is to be asked to kill it, wherever that is; when the cluster is gone, so is the actor. */
    public record Reap(Resource.RayActor actor) implements Verdict {}

    /** It is not held any more as soon as its lock, if it has one, was seen to be free. */
    public record Free() implements Verdict {}

    /** These are to be gone before: they may be using it. */
    public record After(List<LedgerEntry> trees) implements Verdict {}

    public static Verdict verdict(LedgerState ledger, LedgerEntry entry, World here) {
        Optional<String> foreign = foreign(ledger, here);
        if (foreign.isPresent()) {
            return new Leave(foreign.get());
        }
        if (entry.resource() instanceof Resource.ProcessTree tree) {
            return bootedSince(ledger, here) ? new Free() : new End(tree.mark());
        }
        if (entry.resource() instanceof Resource.RayActor actor) {
            return new Reap(actor);
        }
        List<LedgerEntry> trees = ledger.treesBeside(entry);
        return trees.isEmpty() ? new Free() : new After(trees);
    }

    /** Why a ledger cannot be swept from here; processes of another machine are not seen from this one. */
    public static Optional<String> foreign(LedgerState ledger, World here) {
        return ledger.owner()
                .filter(owner -> !owner.host().equals(here.host()))
                .map(owner -> "is of host '" + owner.host() + "', and this is '" + here.host() + "'. Sweep it there.");
    }

    /** What is left of a tree that was to be ended; empty when all of it is gone. */
    public static Optional<String> remains(LedgerState ledger, Resource.ProcessTree tree, World here) {
        if (bootedSince(ledger, here)) {
            return Optional.empty();
        }
        List<Long> marked = here.processes().stream()
                .filter(process -> process.marks().contains(tree.mark()))
                .map(World.Live::pid)
                .toList();
        if (!marked.isEmpty()) {
            return Optional.of("processes " + marked + " still run with the mark " + tree.mark());
        }
        return tree.first()
                .filter(first -> here.processes().stream()
                        .anyMatch(
                                process -> process.pid() == first.pid() && process.startTicks() == first.startTicks()))
                .map(first -> "process " + first.pid() + " still runs, without its mark " + tree.mark()
                        + ", and is not ended without it. End it by hand if it is not needed.");
    }

    private static boolean bootedSince(LedgerState ledger, World here) {
        return ledger.owner()
                .filter(owner -> !owner.bootId().equals(here.bootId()))
                .isPresent();
    }
}
