package dev.sage.runtime.resource;

import dev.sage.api.SageException;
import dev.sage.runtime.core.ledger.LedgerEntry;
import dev.sage.runtime.core.ledger.Resource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One attempt to take all of something. What was locked and not granted falls when it is closed. */
final class Taking implements AutoCloseable {
    /** For each port: others may be looking for some as well, or hold a free one for later. */
    private static final int ATTEMPTS_PER_PORT = 50;

    private final Ledger ledger;
    private final MachineLocks locks;
    private final List<Part> parts = new ArrayList<>();
    private final List<Refusal> refusals = new ArrayList<>();
    private final List<LedgerEntry> written = new ArrayList<>();
    private boolean granted;

    Taking(Ledger ledger, MachineLocks locks) {
        this.ledger = ledger;
        this.locks = locks;
    }

    Part part(String holder) {
        Part part = new Part(holder);
        parts.add(part);
        return part;
    }

    List<Refusal> refusals() {
        return refusals;
    }

    void refuse(Resource resource, String reason) {
        if (refusals.stream().noneMatch(refusal -> refusal.resource().equals(resource))) {
            refusals.add(new Refusal(resource, reason));
        }
    }

    <R extends Resource> List<R> taken(Class<R> type) {
        return parts.stream()
                .flatMap(part -> part.taken.keySet().stream())
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    /** Those whose last holder died with them. */
    Map<Resource, LockNote> left() {
        Map<Resource, LockNote> left = new LinkedHashMap<>();
        for (Part part : parts) {
            part.taken.forEach((resource, lock) -> lock.left().ifPresent(note -> left.put(resource, note)));
        }
        return left;
    }

    /** Into the ledger first: the note in the lock outlives this JVM. */
    List<Lease> grant(String job, int epoch) {
        List<Lease> leases = new ArrayList<>();
        try {
            for (Part part : parts) {
                List<Lease.Held> held = new ArrayList<>();
                for (Map.Entry<Resource, MachineLock> one : part.taken.entrySet()) {
                    LedgerEntry entry = ledger.add(job, epoch, part.holder, one.getKey());
                    written.add(entry);
                    one.getValue().write(note(job, part.holder));
                    held.add(new Lease.Held(entry, one.getValue()));
                }
                leases.add(new Lease(part.holder, held));
            }
        } catch (IOException e) {
            throw new SageException("locks.unusable", "A lock cannot be written: " + e.getMessage(), e);
        }
        granted = true;
        return leases;
    }

    private LockNote note(String job, String holder) {
        return new LockNote(
                ledger.instance(),
                ProcessHandle.current().pid(),
                ledger.home().folder().toString(),
                job,
                holder);
    }

    @Override
    public void close() {
        if (granted) {
            return;
        }
        for (Part part : parts) {
            part.taken.values().forEach(Taking::giveUp);
        }
        written.forEach(ledger::strike);
    }

    private static void giveUp(MachineLock lock) {
        try {
            if (lock.note().isPresent()) {
                lock.release();
            } else {
                lock.drop();
            }
        } catch (IOException unlockedAnyway) {
            // The note that may be left is of an owner who lives and does not have it.
        }
    }

    /** What one holder is to get. */
    final class Part {
        private final String holder;
        private final Map<Resource, MachineLock> taken = new LinkedHashMap<>();

        private Part(String holder) {
            this.holder = holder;
        }

        void take(Resource resource) {
            MachineLocks.Attempt attempt = locks.take(resource);
            attempt.lock().ifPresentOrElse(lock -> taken.put(resource, lock), () -> refuse(resource, attempt.reason()));
        }

        void findPorts(int count) {
            int attempts = 0;
            for (int found = 0; found < count; ) {
                if (attempts++ > ATTEMPTS_PER_PORT * count) {
                    refuse(new Resource.Port(0), "only " + found + " of " + count + " free ports were found");
                    return;
                }
                found += findPort() ? 1 : 0;
            }
        }

        private boolean findPort() {
            int number;
            try {
                number = PortProbe.free();
            } catch (IOException none) {
                return false;
            }
            Resource.Port port = new Resource.Port(number);
            Optional<MachineLock> lock = locks.take(port).lock();
            if (lock.isEmpty()) {
                return false;
            }
            // One whose last holder died with it needs more than a look, and there are others.
            if (lock.get().left().isPresent() || PortProbe.busy(number).isPresent()) {
                giveUp(lock.get());
                return false;
            }
            taken.put(port, lock.get());
            return true;
        }
    }
}
