package dev.sage.runtime.resource;

import dev.sage.runtime.core.ledger.Resource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Gives GPUs and ports of this machine to jobs: locked against all other Sage programs, seen to be free, and in the ledger.
 * Which ones is for others to choose.
 *
 * <p>Thread-safe; methods block on files and programs, as long as the settings allow.
 */
public final class Leases {
    private final Ledger ledger;
    private final MachineLocks locks;
    private final GpuProbe gpus;
    private final Function<SageHome, Sweep> sweeps;

    /** @param ender ends what the last holder of a GPU or port left behind, if that was killed */
    public Leases(LeaseSettings settings, Ledger ledger, ProcessEnder ender) {
        this.ledger = ledger;
        this.locks = new MachineLocks(settings.lockFolder());
        this.gpus = new GpuProbe(settings);
        this.sweeps = home -> new Sweep(home, settings.lockFolder(), ender);
    }

    /**
     * All that is wanted, or nothing.
     *
     * @param job empty for a shared service
     * @param epoch the job's attempt
     * @throws dev.sage.api.SageException when nothing can be acquired at all, as with a ledger that cannot be written
     * @throws InterruptedException then nothing is held
     */
    public Acquisition acquire(String job, int epoch, List<Want> wants) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        try (Taking taking = new Taking(ledger, locks)) {
            List<Taking.Part> parts = new ArrayList<>();
            for (Want want : wants) {
                Taking.Part part = taking.part(want.holder());
                want.gpus().forEach(id -> part.take(new Resource.Gpu(id)));
                want.ports().forEach(number -> part.take(new Resource.Port(number)));
                parts.add(part);
            }
            inspect(taking);
            for (int i = 0; i < parts.size() && taking.refusals().isEmpty(); i++) {
                parts.get(i).findPorts(wants.get(i).freePorts());
            }
            return taking.refusals().isEmpty()
                    ? new Acquisition.Granted(taking.grant(job, epoch))
                    : new Acquisition.Refused(taking.refusals());
        }
    }

    /** Those of these that nobody could be given now, and why. Holds each of them for a moment. */
    public List<Refusal> notFree(Collection<? extends Resource> resources) throws InterruptedException {
        try (Taking taking = new Taking(ledger, locks)) {
            resources.forEach(taking.part("")::take);
            inspect(taking);
            return List.copyOf(taking.refusals());
        }
    }

    /**
     * What a program has to know that locks GPUs by itself, because it outlives this JVM. Whether it can is for it to see;
     * the files are there once {@link #notFree} was asked.
     *
     * @param instance by which its processes are marked
     * @param holder as those are told who find them locked
     */
    public OwnLocks ownLocks(List<Integer> ids, String instance, String job, String holder) {
        LockNote note = new LockNote(
                instance, ProcessHandle.current().pid(), ledger.home().folder().toString(), job, holder);
        return new OwnLocks(
                ids.stream().map(id -> locks.path(new Resource.Gpu(id))).toList(),
                new String(note.bytes(), StandardCharsets.UTF_8));
    }

    /**
     * Locks of POSIX, each of the whole file.
     *
     * @param note to be written into each, as JSON; its {@code pid} is to be that of who locks
     */
    public record OwnLocks(List<Path> files, String note) {
        public OwnLocks {
            files = List.copyOf(files);
        }
    }

    private void inspect(Taking taking) throws InterruptedException {
        for (Map.Entry<Resource, LockNote> left : taking.left().entrySet()) {
            sweep(left.getKey(), left.getValue()).ifPresent(reason -> taking.refuse(left.getKey(), reason));
        }
        for (Resource.Port port : taking.taken(Resource.Port.class)) {
            PortProbe.busy(port.number()).ifPresent(reason -> taking.refuse(port, reason));
        }
        List<Integer> ids =
                taking.taken(Resource.Gpu.class).stream().map(Resource.Gpu::id).toList();
        gpus.busy(ids).forEach((id, reason) -> taking.refuse(new Resource.Gpu(id), reason));
    }

    /** The last holder died with it: its processes may still be using it. */
    private Optional<String> sweep(Resource resource, LockNote dead) throws InterruptedException {
        if (Ledger.isOfThisJvm(dead.instance())) {
            return Optional.empty();
        }
        SageHome home = new SageHome(Path.of(dead.home()));
        return sweeps.apply(home).run(dead.instance()).lines().stream()
                .filter(line -> line.outcome() != SweepReport.Outcome.FREED)
                .filter(line -> line.entry()
                        .map(entry -> entry.resource().equals(resource))
                        .orElse(line.outcome() == SweepReport.Outcome.FAILED && !canBeSeen(resource)))
                .map(line -> "was last held by " + dead + ", which left it: " + line)
                .findFirst();
    }

    /** Of what is in a ledger that cannot be read, as another user's, a look at the thing itself has to do. */
    private boolean canBeSeen(Resource resource) {
        return !(resource instanceof Resource.Gpu) || gpus.sees();
    }

    /**
     * Gives back what of a lease is seen to be free: waits for the memory of its GPUs for a bounded time. What is not free
     * stays held, and may be released again later; releasing what was released does nothing.
     *
     * @return what is still held, and why
     */
    public List<Refusal> release(Lease lease) throws InterruptedException {
        synchronized (lease) {
            List<Integer> ids = lease.unreleased().stream()
                    .filter(held -> !held.lock().isReleased())
                    .flatMap(held -> held.resource() instanceof Resource.Gpu gpu ? Stream.of(gpu.id()) : Stream.empty())
                    .toList();
            Map<Integer, String> busyGpus = gpus.busyForGood(ids);
            List<Refusal> refusals = new ArrayList<>();
            for (Lease.Held held : lease.unreleased()) {
                Optional<String> busy = held.lock().isReleased() ? Optional.empty() : busy(held.resource(), busyGpus);
                busy.or(() -> giveBack(lease, held))
                        .ifPresent(reason -> refusals.add(new Refusal(held.resource(), reason)));
            }
            return refusals;
        }
    }

    /** Gives back without a look what was granted and nobody has used. */
    public void giveBackUnused(Lease lease) {
        synchronized (lease) {
            lease.unreleased().forEach(held -> giveBack(lease, held));
        }
    }

    private static Optional<String> busy(Resource resource, Map<Integer, String> busyGpus) {
        return resource instanceof Resource.Gpu gpu
                ? Optional.ofNullable(busyGpus.get(gpu.id()))
                : resource instanceof Resource.Port port ? PortProbe.busy(port.number()) : Optional.empty();
    }

    private Optional<String> giveBack(Lease lease, Lease.Held held) {
        try {
            held.lock().release();
        } catch (IOException e) {
            // It is closed, and with that unlocked; only its note may be left.
            return Optional.of("its lock could not be cleared: " + e);
        }
        ledger.strike(held.entry());
        lease.unreleased().remove(held);
        return Optional.empty();
    }
}
