package dev.sage.runtime.resource;

import dev.sage.api.SageException;
import dev.sage.runtime.core.ledger.LedgerEntry;
import dev.sage.runtime.core.ledger.LedgerEvent;
import dev.sage.runtime.core.ledger.LedgerOwner;
import dev.sage.runtime.core.ledger.LedgerState;
import dev.sage.runtime.core.ledger.Resource;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What this JVM holds outside of itself, written to a file of its own in a home before it is acquired. The file is locked
 * for as long as the JVM lives or the file is needed: whoever gets the lock knows that the owner is dead, and may free what
 * stands there. There is no file before the first entry, and none after the last {@link #close} when all was struck off.
 *
 * <p>Thread-safe; {@link #add}, {@link #spawned} and {@link #strike} return when it is written. Nothing is forced to the
 * disk: a killed program loses nothing that it has written, and no process outlives the machine.
 */
public final class Ledger implements AutoCloseable {
    private static final Map<SageHome, Ledger> OF_THIS_JVM = new HashMap<>();

    /** From here on a file is written anew when most of it tells of what was struck off. */
    private static final long COMPACT_BYTES = 1 << 20;

    private final SageHome home;
    private final String instance = UUID.randomUUID().toString().replace("-", "");
    private @Nullable LedgerFile file;
    private long bytesAtFirst;
    private LedgerState state = LedgerState.EMPTY;
    private int users;

    private Ledger(SageHome home) {
        this.home = home;
    }

    /** That of this JVM and this home, to be closed as often as it was opened. Touches no disk. */
    public static Ledger open(SageHome home) {
        Ledger ledger;
        synchronized (OF_THIS_JVM) {
            ledger = OF_THIS_JVM.computeIfAbsent(home, Ledger::new);
        }
        synchronized (ledger) {
            ledger.users++;
        }
        return ledger;
    }

    /** Whether a ledger belongs to this JVM, which then must not open it: closing it again would give up the lock. */
    static boolean isOfThisJvm(String instance) {
        synchronized (OF_THIS_JVM) {
            return OF_THIS_JVM.values().stream().anyMatch(ledger -> ledger.instance.equals(instance));
        }
    }

    public SageHome home() {
        return home;
    }

    /** What the marks of its processes begin with; the same for as long as the JVM lives. */
    public String instance() {
        return instance;
    }

    /**
     * To be called before the resource is acquired.
     *
     * @param job empty for a shared service
     * @param epoch the job's attempt
     * @throws SageException with code {@code ledger.unwritable} when it cannot be written, {@code ledger.fenced} when a
     *     later attempt of the job holds something; then nothing may be acquired
     */
    public synchronized LedgerEntry add(String job, int epoch, String holder, Resource resource) {
        state.fences(job, epoch).ifPresent(later -> {
            throw new SageException(
                    "ledger.fenced",
                    "Attempt " + epoch + " of job '" + job + "' is over: attempt " + later.epoch() + " holds "
                            + later.resource() + ". It gets nothing more.");
        });
        LedgerEntry entry = new LedgerEntry(state.last() + 1, job, epoch, holder, resource);
        append(new LedgerEvent.Added(entry));
        return entry;
    }

    /** The first process of the entry's tree was seen to run. Of no effect when the entry was struck off. */
    public synchronized void spawned(LedgerEntry entry, long pid, long startTicks) {
        if (state.find(entry).isPresent()) {
            append(new LedgerEvent.Spawned(entry.number(), pid, startTicks));
        }
    }

    /**
     * The resource was seen to be released.
     *
     * @return false, and nothing changed, when exactly this entry does not stand here: struck off before, or of another
     *     attempt
     */
    public synchronized boolean strike(LedgerEntry entry) {
        if (state.find(entry).isEmpty()) {
            return false;
        }
        append(new LedgerEvent.Struck(entry.number()));
        endIfUnused();
        return true;
    }

    public synchronized List<LedgerEntry> entries() {
        return List.copyOf(state.entries());
    }

    private void append(LedgerEvent event) {
        try {
            LedgerFile current = file;
            if (current == null || (current.bytes() > COMPACT_BYTES && current.bytes() > 4 * bytesAtFirst)) {
                current = begin(current);
            }
            current.append(event);
            state = state.evolve(event);
        } catch (IOException e) {
            throw new SageException(
                    "ledger.unwritable",
                    "The ledger of this JVM in '" + home.ledgers() + "' cannot be written: " + e.getMessage()
                            + ". Nothing is acquired that is not written down; make room, or set SAGE_HOME.",
                    e);
        }
    }

    private LedgerFile begin(@Nullable LedgerFile replaced) throws IOException {
        LedgerOwner owner = Machine.self(instance);
        home.make();
        LedgerFile begun = LedgerFile.create(home.ledgers(), owner, state.entries());
        file = begun;
        bytesAtFirst = begun.bytes();
        if (replaced != null) {
            replaced.close();
        }
        return begun;
    }

    /** The last one to close it also ends the file, or, if something is still held, whoever strikes off the last entry. */
    @Override
    public synchronized void close() {
        users = Math.max(0, users - 1);
        endIfUnused();
    }

    private void endIfUnused() {
        if (users > 0 || file == null || !state.entries().isEmpty()) {
            return;
        }
        try (LedgerFile ended = file) {
            ended.delete();
        } catch (IOException leftForASweep) {
            // It has no entries, and the next sweep finds its lock free.
        }
        file = null;
        state = new LedgerState(Optional.empty(), new TreeMap<>(), state.last());
    }
}
