package dev.sage.runtime.core.schedule;

import dev.sage.runtime.core.schedule.Thing.Kind;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Numbered things of one kind. Each is free, leased to one lessee or quarantined, so what is configured is always what is
 * leased, free and quarantined together. A draining one is given to nobody anew. Immutable.
 */
public final class Pool {
    /** Where one thing is. */
    private sealed interface Standing {}

    private record Free() implements Standing {}

    private record Leased(Lessee to) implements Standing {}

    private record Quarantined(String reason) implements Standing {}

    private record Slot(Standing standing, boolean draining) {}

    private static final int UNBOUNDED = Integer.MAX_VALUE / 2;

    private final Kind kind;
    private final boolean elastic;
    private final Preference preference;
    private final SortedTree<Integer, Slot> slots;
    /** Those that are free and not draining. */
    private final SortedTree<Integer, Boolean> open;

    private final int leased;
    private final int quarantined;
    private final int lastPicked;

    private Pool(
            Kind kind,
            boolean elastic,
            Preference preference,
            SortedTree<Integer, Slot> slots,
            SortedTree<Integer, Boolean> open,
            int leased,
            int quarantined,
            int lastPicked) {
        this.kind = kind;
        this.elastic = elastic;
        this.preference = preference;
        this.slots = slots;
        this.open = open;
        this.leased = leased;
        this.quarantined = quarantined;
        this.lastPicked = lastPicked;
    }

    /**
     * GPUs by their ids.
     *
     * @param groups of ids that belong together; an id is in one group at most
     */
    public static Pool gpus(Collection<Integer> ids, List<List<Integer>> groups) {
        Pool pool = of(Kind.GPU, false, new Preference.Together(groups), ids);
        for (List<Integer> group : groups) {
            for (int id : group) {
                if (!pool.slots.contains(id)) {
                    throw new IllegalArgumentException("GPU " + id + " is in the group " + group
                            + ", but not among the ids " + ids + ". Name it in both or in neither.");
                }
            }
        }
        return pool;
    }

    public static Pool ports(Collection<Integer> numbers) {
        return of(Kind.PORT, false, new Preference.GoRound(), numbers);
    }

    /** Ports that whoever leases them finds; the pool has those only that are leased or quarantined. */
    public static Pool foundPorts() {
        return of(Kind.PORT, true, new Preference.GoRound(), List.of());
    }

    private static Pool of(Kind kind, boolean elastic, Preference preference, Collection<Integer> numbers) {
        SortedTree<Integer, Slot> slots = SortedTree.empty();
        SortedTree<Integer, Boolean> open = SortedTree.empty();
        for (int number : numbers) {
            slots = slots.put(number, new Slot(new Free(), false));
            open = open.put(number, true);
        }
        return new Pool(kind, elastic, preference, slots, open, 0, 0, Integer.MIN_VALUE);
    }

    public Kind kind() {
        return kind;
    }

    public boolean isElastic() {
        return elastic;
    }

    /** All, of an elastic pool those that it knows of. */
    public int configured() {
        return slots.size();
    }

    /** How many one job can have at most. */
    public int largest() {
        return elastic ? UNBOUNDED : slots.size();
    }

    public int leased() {
        return leased;
    }

    public int quarantined() {
        return quarantined;
    }

    public int free() {
        return slots.size() - leased - quarantined;
    }

    /** How many can be leased now. */
    public int available() {
        return elastic ? UNBOUNDED : open.size();
    }

    /** Chooses {@code count} of those {@link #available}. */
    public List<Integer> pick(int count) {
        if (count > open.size()) {
            throw new IllegalArgumentException(
                    kind.count(count) + " are to be chosen, and " + open.size() + " can be given.");
        }
        return preference.pick(open, count, lastPicked);
    }

    /** Leases free ones, or ones that were found. */
    public Pool lease(Lessee to, Collection<Integer> numbers) {
        Pool pool = this;
        for (int number : numbers) {
            Slot slot = pool.slots.get(number);
            boolean found = slot == null && elastic;
            if (!found && (slot == null || !(slot.standing instanceof Free))) {
                throw new IllegalStateException(
                        new Thing(kind, number) + " cannot be leased to " + to + ": " + standing(number) + ".");
            }
            pool = pool.with(number, new Slot(new Leased(to), slot != null && slot.draining), number);
        }
        return pool;
    }

    /** As the other, for all holders of a job. */
    Pool lease(String job, Map<String, Share> shares, Function<Share, List<Integer>> numbers) {
        Pool pool = this;
        for (Map.Entry<String, Share> entry : shares.entrySet()) {
            pool = pool.lease(new Lessee(job, entry.getKey()), numbers.apply(entry.getValue()));
        }
        return pool;
    }

    /** Frees what {@code from} has; what somebody else has stays theirs. */
    public Pool release(Lessee from, Collection<Integer> numbers) {
        Pool pool = this;
        for (int number : numbers) {
            if (pool.isLeasedTo(from, number)) {
                pool = pool.freed(number);
            }
        }
        return pool;
    }

    /** Takes what {@code from} has, and does not give it to anybody. */
    public Pool quarantine(Lessee from, int number, String reason) {
        Slot slot = slots.get(number);
        return slot == null || !isLeasedTo(from, number)
                ? this
                : with(number, new Slot(new Quarantined(reason), slot.draining), lastPicked);
    }

    public Pool readmit(int number) {
        Slot slot = slots.get(number);
        return slot != null && slot.standing instanceof Quarantined ? freed(number) : this;
    }

    /** From now on, or no longer, it is given to nobody anew; who has it keeps it. */
    public Pool drain(int number, boolean draining) {
        Slot slot = slots.get(number);
        return slot == null || slot.draining == draining
                ? this
                : with(number, new Slot(slot.standing, draining), lastPicked);
    }

    public boolean isLeasedTo(Lessee lessee, int number) {
        Slot slot = slots.get(number);
        return slot != null && slot.standing instanceof Leased now && now.to.equals(lessee);
    }

    /** In the order of their numbers. */
    public List<Integer> numbers() {
        return slots.keys();
    }

    /** Who has it. */
    public Optional<Lessee> lessee(int number) {
        Slot slot = slots.get(number);
        return slot != null && slot.standing instanceof Leased now ? Optional.of(now.to) : Optional.empty();
    }

    /** Why it is given to nobody although nobody of Sage has it. */
    public Optional<String> trouble(int number) {
        Slot slot = slots.get(number);
        return slot != null && slot.standing instanceof Quarantined now ? Optional.of(now.reason) : Optional.empty();
    }

    public boolean isDraining(int number) {
        Slot slot = slots.get(number);
        return slot != null && slot.draining;
    }

    /** In words. */
    public String standing(int number) {
        Slot slot = slots.get(number);
        if (slot == null) {
            return "not configured";
        }
        String drained = slot.draining ? ", draining" : "";
        if (slot.standing instanceof Leased now) {
            return "leased to " + now.to + drained;
        }
        return (slot.standing instanceof Quarantined now ? "quarantined: " + now.reason : "free") + drained;
    }

    /** In numbers: "2 of 8 GPUs are free (1 draining), 5 leased, 1 quarantined". */
    public String summary() {
        int closed = free() - open.size();
        return free() + " of " + kind.count(slots.size()) + (free() == 1 ? " is free" : " are free")
                + (closed == 0 ? "" : " (" + closed + " draining)") + ", " + leased + " leased, " + quarantined
                + " quarantined";
    }

    private Pool freed(int number) {
        Slot slot = slots.get(number);
        return elastic || slot == null
                ? with(number, null, lastPicked)
                : with(number, new Slot(new Free(), slot.draining), lastPicked);
    }

    private Pool with(int number, @Nullable Slot now, int newLastPicked) {
        Slot before = slots.get(number);
        boolean opens = now != null && now.standing instanceof Free && !now.draining;
        return new Pool(
                kind,
                elastic,
                preference,
                now == null ? slots.remove(number) : slots.put(number, now),
                opens ? open.put(number, true) : open.remove(number),
                leased + count(now, Leased.class) - count(before, Leased.class),
                quarantined + count(now, Quarantined.class) - count(before, Quarantined.class),
                newLastPicked);
    }

    private static int count(@Nullable Slot slot, Class<? extends Standing> standing) {
        return slot != null && standing.isInstance(slot.standing) ? 1 : 0;
    }
}
