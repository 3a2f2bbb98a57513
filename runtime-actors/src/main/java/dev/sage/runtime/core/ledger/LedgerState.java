package dev.sage.runtime.core.ledger;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a ledger says after some of its lines. Lines that tell of an entry which is not there change nothing: what was
 * struck off stays so.
 *
 * @param owner empty until the first line
 * @param held by number
 * @param last the highest number that was ever given
 */
public record LedgerState(Optional<LedgerOwner> owner, SortedMap<Long, LedgerEntry> held, long last) {
    public static final LedgerState EMPTY = new LedgerState(Optional.empty(), new TreeMap<>(), 0);

    public LedgerState {
        held = Collections.unmodifiableSortedMap(held);
    }

    public static LedgerState of(Iterable<LedgerEvent> events) {
        LedgerState state = EMPTY;
        for (LedgerEvent event : events) {
            state = state.evolve(event);
        }
        return state;
    }

    public LedgerState evolve(LedgerEvent event) {
        if (event instanceof LedgerEvent.Opened opened) {
            return new LedgerState(Optional.of(opened.owner()), held, last);
        }
        SortedMap<Long, LedgerEntry> next = new TreeMap<>(held);
        if (event instanceof LedgerEvent.Added added) {
            next.put(added.entry().number(), added.entry());
            return new LedgerState(owner, next, Math.max(last, added.entry().number()));
        } else if (event instanceof LedgerEvent.Spawned spawned) {
            next.computeIfPresent(spawned.number(), (number, entry) -> withFirst(entry, spawned));
        } else if (event instanceof LedgerEvent.Struck struck) {
            next.remove(struck.number());
        }
        return new LedgerState(owner, next, last);
    }

    private static LedgerEntry withFirst(LedgerEntry entry, LedgerEvent.Spawned spawned) {
        if (!(entry.resource() instanceof Resource.ProcessTree tree)) {
            return entry;
        }
        Resource.Spawned first = new Resource.Spawned(spawned.pid(), spawned.startTicks());
        return new LedgerEntry(
                entry.number(),
                entry.job(),
                entry.epoch(),
                entry.holder(),
                new Resource.ProcessTree(tree.mark(), Optional.of(first)));
    }

    public Collection<LedgerEntry> entries() {
        return held.values();
    }

    /** This entry as it stands now; empty when it was struck off, or when the number means another one. */
    public Optional<LedgerEntry> find(LedgerEntry entry) {
        return Optional.ofNullable(held.get(entry.number())).filter(now -> isSame(now, entry));
    }

    /** An attempt of a job that is over must not take anything beside a later one's. */
    public Optional<LedgerEntry> fences(String job, int epoch) {
        return held.values().stream()
                .filter(entry -> !job.isEmpty() && entry.job().equals(job) && entry.epoch() > epoch)
                .findFirst();
    }

    /** The process trees that may be using what this entry holds: those of its job, or, without one, of its holder. */
    List<LedgerEntry> treesBeside(LedgerEntry entry) {
        List<LedgerEntry> trees = new ArrayList<>();
        for (LedgerEntry other : held.values()) {
            boolean together = entry.job().isEmpty()
                    ? other.job().isEmpty() && other.holder().equals(entry.holder())
                    : other.job().equals(entry.job());
            if (together && other.resource() instanceof Resource.ProcessTree) {
                trees.add(other);
            }
        }
        return trees;
    }

    /** All but what is learned later, the first process of a tree. */
    private static boolean isSame(LedgerEntry now, LedgerEntry asked) {
        return now.job().equals(asked.job())
                && now.epoch() == asked.epoch()
                && now.holder().equals(asked.holder())
                && identity(now.resource()).equals(identity(asked.resource()));
    }

    private static Object identity(Resource resource) {
        return resource instanceof Resource.ProcessTree tree ? tree.mark() : resource;
    }
}
