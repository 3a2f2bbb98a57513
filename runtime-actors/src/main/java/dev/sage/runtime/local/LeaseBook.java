package dev.sage.runtime.local;

import dev.sage.api.CleanupReport;
import dev.sage.api.CleanupReport.Outcome;
import dev.sage.api.JobLeases;
import dev.sage.api.SageException;
import dev.sage.runtime.core.job.ShutdownPhase.Step;
import dev.sage.runtime.core.ledger.Resource;
import dev.sage.runtime.core.schedule.ScheduleCommand;
import dev.sage.runtime.core.schedule.ScheduleEffect;
import dev.sage.runtime.core.schedule.Share;
import dev.sage.runtime.core.schedule.Thing;
import dev.sage.runtime.core.schedule.Trouble;
import dev.sage.runtime.dispatch.Dispatcher;
import dev.sage.runtime.node.Outside.Release;
import dev.sage.runtime.resource.Acquisition;
import dev.sage.runtime.resource.Lease;
import dev.sage.runtime.resource.Leases;
import dev.sage.runtime.resource.Refusal;
import dev.sage.runtime.resource.Want;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Who has which lease: the schedule's words on one side, the locks of the machine on the other. Blocks on the latter. */
final class LeaseBook {
    private final Leases machine;
    private final Users users;
    private final Map<String, List<Lease>> byJob = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /** Why what a holder has may still be in use, by what it ran; empty when nothing of that is left. Blocks. */
    @FunctionalInterface
    interface Users {
        Optional<String> of(String job, String holder) throws InterruptedException;
    }

    LeaseBook(Leases machine, Users users) {
        this.machine = machine;
        this.users = users;
    }

    /** What one holder has, or nothing. Does not block. */
    JobLeases.Lease of(String job, String holder) {
        return byJob.getOrDefault(job, List.of()).stream()
                .filter(lease -> lease.holder().equals(holder))
                .findFirst()
                .map(lease -> new JobLeases.Lease(lease.gpus(), lease.ports()))
                .orElse(JobLeases.Lease.NONE);
    }

    ScheduleCommand acquire(ScheduleEffect.Acquire wanted) throws InterruptedException {
        Set<String> holders = new TreeSet<>(wanted.shares().keySet());
        holders.addAll(wanted.portsToFind().keySet());
        List<Want> wants = new ArrayList<>();
        for (String holder : holders) {
            Share share = wanted.shares().getOrDefault(holder, new Share(List.of(), List.of()));
            wants.add(new Want(
                    holder, share.gpus(), share.ports(), wanted.portsToFind().getOrDefault(holder, 0)));
        }
        Acquisition acquisition = machine.acquire(wanted.job(), Dispatcher.EPOCH, wants);
        if (acquisition instanceof Acquisition.Refused refused) {
            return new ScheduleCommand.AcquireFailed(wanted.job(), troubles(refused.refusals()));
        }
        List<Lease> leases = ((Acquisition.Granted) acquisition).leases();
        byJob.put(wanted.job(), new CopyOnWriteArrayList<>(leases));
        if (closed) {
            // The close may have looked before, and then nobody else would give it back.
            byJob.remove(wanted.job());
            leases.forEach(machine::giveBackUnused);
            return new ScheduleCommand.AcquireImpossible(wanted.job(), "its environment was closed");
        }
        Map<String, List<Integer>> found = new LinkedHashMap<>();
        for (Lease lease : leases) {
            List<Integer> ports = lease.ports();
            int toFind = wanted.portsToFind().getOrDefault(lease.holder(), 0);
            if (toFind > 0) {
                // Those that were found come last.
                found.put(lease.holder(), ports.subList(ports.size() - toFind, ports.size()));
            }
        }
        return new ScheduleCommand.Acquired(wanted.job(), found);
    }

    /** These GPUs, for a program that no schedule knows of. Blocks. */
    void take(String job, String holder, List<Integer> gpus) throws InterruptedException {
        if (gpus.isEmpty()) {
            return;
        }
        Acquisition acquisition = machine.acquire(job, Dispatcher.EPOCH, List.of(new Want(holder, gpus, List.of(), 0)));
        if (acquisition instanceof Acquisition.Refused refused) {
            throw notFree(holder, refused.refusals());
        }
        List<Lease> leases = ((Acquisition.Granted) acquisition).leases();
        byJob.computeIfAbsent(job, id -> new CopyOnWriteArrayList<>()).addAll(leases);
        if (closed) {
            release(job, holder::equals);
            throw new SageException(
                    "environment.closed", "The environment was closed and gives no GPU to " + holder + ".");
        }
    }

    private static SageException notFree(String holder, List<Refusal> refusals) {
        return new SageException(
                "ray.gpus",
                "'" + holder + "' cannot have "
                        + refusals.stream()
                                .map(refusal -> thing(refusal.resource()) + ", which " + refusal.reason())
                                .collect(Collectors.joining("; "))
                        + ". Wait for that, or name other GPUs in sage.ray.cluster.gpus.");
    }

    Release release(String job, Predicate<String> holders) throws InterruptedException {
        List<CleanupReport.Line> lines = new ArrayList<>();
        Set<String> released = new HashSet<>();
        List<Trouble> troubles = new ArrayList<>();
        for (Lease lease : byJob.getOrDefault(job, List.of())) {
            if (holders.test(lease.holder())) {
                List<Resource> held = lease.held();
                long sinceNs = System.nanoTime();
                List<Refusal> refusals = release(job, lease);
                Duration duration = Duration.ofNanos(System.nanoTime() - sinceNs);
                held.forEach(resource -> lines.add(line(resource, refusals, duration)));
                troubles.addAll(troubles(refusals));
                released.add(lease.holder());
                forgetIfReleased(job, lease);
            }
        }
        return new Release(lines, released, troubles);
    }

    private List<Refusal> release(String job, Lease lease) throws InterruptedException {
        Optional<String> used = users.of(job, lease.holder());
        if (used.isPresent()) {
            return lease.held().stream()
                    .map(resource -> new Refusal(resource, "may be in use still: " + used.get()))
                    .toList();
        }
        return machine.release(lease);
    }

    private void forgetIfReleased(String job, Lease lease) {
        if (lease.held().isEmpty()) {
            byJob.computeIfPresent(job, (id, leases) -> {
                leases.remove(lease);
                return leases.isEmpty() ? null : leases;
            });
        }
    }

    /** Those that are held still are given back first, if that is possible by now. */
    List<Thing> free(List<Thing> things) throws InterruptedException {
        for (Map.Entry<String, List<Lease>> entry : byJob.entrySet()) {
            for (Lease lease : entry.getValue()) {
                boolean waitedFor = lease.held().stream().anyMatch(held -> things.contains(thing(held)));
                if (waitedFor) {
                    release(entry.getKey(), lease);
                    forgetIfReleased(entry.getKey(), lease);
                }
            }
        }
        List<Refusal> notFree =
                machine.notFree(things.stream().map(LeaseBook::resource).toList());
        List<Thing> free = new ArrayList<>(things);
        notFree.forEach(refusal -> free.remove(thing(refusal.resource())));
        return free;
    }

    /** Gives back everything that is still held by anybody; from now on nothing is acquired. */
    List<CleanupReport.Line> close() throws InterruptedException {
        closed = true;
        List<CleanupReport.Line> lines = new ArrayList<>();
        for (String job : List.copyOf(byJob.keySet())) {
            lines.addAll(release(job, holder -> true).lines());
        }
        return lines;
    }

    private static CleanupReport.Line line(Resource resource, List<Refusal> refusals, Duration duration) {
        String reason = refusals.stream()
                .filter(refusal -> refusal.resource().equals(resource))
                .map(Refusal::reason)
                .findFirst()
                .orElse("");
        Thing thing = thing(resource);
        return new CleanupReport.Line(
                thing.kind() == Thing.Kind.GPU ? "gpu" : "port",
                String.valueOf(thing.number()),
                Step.RELEASE_RESOURCES.key(),
                reason.isEmpty() ? Outcome.RELEASED : Outcome.FAILED,
                reason,
                duration);
    }

    private static List<Trouble> troubles(List<Refusal> refusals) {
        return refusals.stream()
                .map(refusal -> new Trouble(thing(refusal.resource()), refusal.reason()))
                .toList();
    }

    private static Thing thing(Resource resource) {
        if (resource instanceof Resource.Gpu gpu) {
            return Thing.gpu(gpu.id());
        } else if (resource instanceof Resource.Port port) {
            return Thing.port(port.number());
        }
        throw new IllegalArgumentException(resource + " is not leased.");
    }

    private static Resource resource(Thing thing) {
        return thing.kind() == Thing.Kind.GPU ? new Resource.Gpu(thing.number()) : new Resource.Port(thing.number());
    }
}
