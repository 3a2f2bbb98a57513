package dev.sage.runtime.resource;

import dev.sage.runtime.core.ledger.LedgerEntry;
import dev.sage.runtime.core.ledger.Resource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

/** GPUs and ports of one holder, which nobody else has until they are released. Only who has this can release them. */
public final class Lease {
    private final String holder;
    private final List<Held> all;
    private final List<Held> unreleased;

    Lease(String holder, List<Held> held) {
        this.holder = holder;
        this.all = List.copyOf(held);
        this.unreleased = new CopyOnWriteArrayList<>(held);
    }

    /** What is written down and locked. */
    record Held(LedgerEntry entry, MachineLock lock) {
        Resource resource() {
            return entry.resource();
        }
    }

    public String holder() {
        return holder;
    }

    /** The ids, in the order in which they were wanted. */
    public List<Integer> gpus() {
        return all.stream()
                .flatMapToInt(held ->
                        held.resource() instanceof Resource.Gpu gpu ? IntStream.of(gpu.id()) : IntStream.empty())
                .boxed()
                .toList();
    }

    /** The numbers, in the order in which they were wanted; those that were found come last. */
    public List<Integer> ports() {
        return all.stream()
                .flatMapToInt(held ->
                        held.resource() instanceof Resource.Port port ? IntStream.of(port.number()) : IntStream.empty())
                .boxed()
                .toList();
    }

    /** What was not released yet. */
    public List<Resource> held() {
        return unreleased.stream().map(Held::resource).toList();
    }

    List<Held> unreleased() {
        return unreleased;
    }
}
