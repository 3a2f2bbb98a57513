package dev.sage.runtime.core.schedule;

import dev.sage.runtime.core.schedule.Wait.Cause;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who of those that wait can start now, asked in the order of their rank.
 *
 * <p>The head is the first that its owner's limits do not hold back. If it cannot start, what is free of what it asks for
 * is reserved for it: GPUs, ports, its place among those that run, and its part of what its owner may have. Nobody knows
 * how long a job runs, so a later one starts only if it leaves all that untouched; then the head starts no later than
 * without it. The first that the limits of an owner hold back reserves what is left of those limits in the same way, or
 * its owner's smaller jobs could keep it waiting for ever.
 */
final class Round {
    private final Allotment now;
    private final ScheduleLimits limits;
    private final Set<String> heldOwners = new HashSet<>();
    private Owners reserved = Owners.none();
    private int reservedPlaces;
    private @Nullable Placement head;
    /** What may be given: what can be leased, but for what is reserved. */
    private Pool gpus;

    private Pool ports;

    Round(Allotment now, ScheduleLimits limits) {
        this.now = now;
        this.limits = limits;
        this.gpus = now.gpus();
        this.ports = now.ports();
    }

    @Nullable
    Placement head() {
        return head;
    }

    Pool gpus() {
        return gpus;
    }

    /** Whether none can start of those that ask for so many at least. */
    boolean isOver(int leastGpus, int leastPorts) {
        return head != null && (places() == 0 || leastGpus > gpus.available() || leastPorts > ports.available());
    }

    /** Why the next one waits, or null when it can start now. */
    @Nullable
    Wait ask(Placement next) {
        Shape shape = next.shape();
        Wait held = heldByOwner(shape, now.owners().of(shape.owner()));
        if (held != null) {
            if (heldOwners.add(shape.owner())) {
                reserveOfOwner(shape);
            }
            return held;
        }
        Owners.Use promised = reserved.of(shape.owner());
        Owners.Use used = now.owners().of(shape.owner()).plus(promised.running(), promised.gpus());
        if (heldByOwner(shape, used) != null) {
            return reserved();
        }
        Wait wait = lacks(shape);
        if (wait != null && head == null) {
            head = next;
            reserveFor(next);
        }
        return wait;
    }

    /** Takes what the one that was asked last is to get. */
    Choice choose(Placement next) {
        Choice choice = Choice.of(next, gpus, ports);
        gpus = gpus.lease(next.job(), choice.shares(), Share::gpus);
        ports = ports.lease(next.job(), choice.shares(), Share::ports);
        return choice;
    }

    private @Nullable Wait heldByOwner(Shape shape, Owners.Use used) {
        if (used.running() >= limits.maxRunningOfOwner()) {
            return new Wait(Cause.RUNNING_OF_OWNER);
        }
        if (shape.gpus() > 0 && used.gpus() + shape.gpus() > limits.maxGpusOfOwner()) {
            return new Wait(Cause.GPUS_OF_OWNER);
        }
        return null;
    }

    private @Nullable Wait lacks(Shape shape) {
        if (openPlaces() == 0) {
            return new Wait(Cause.RUNNING);
        }
        if (shape.gpus() > now.gpus().available()) {
            return new Wait(Cause.GPUS);
        }
        if (shape.ports() > now.ports().available()) {
            return new Wait(Cause.PORTS);
        }
        boolean fits = places() > 0 && shape.gpus() <= gpus.available() && shape.ports() <= ports.available();
        return fits ? null : reserved();
    }

    private Wait reserved() {
        return new Wait(Cause.RESERVED, head == null ? "" : head.job());
    }

    private int openPlaces() {
        return Math.max(0, limits.maxRunning() - now.running());
    }

    /** But for what is reserved. */
    private int places() {
        return openPlaces() - reservedPlaces;
    }

    private void reserveOfOwner(Shape shape) {
        Owners.Use used = now.owners().of(shape.owner());
        Owners.Use promised = reserved.of(shape.owner());
        int running = limits.maxRunningOfOwner() - used.running() - promised.running();
        int gpusLeft = limits.maxGpusOfOwner() - used.gpus() - promised.gpus();
        reserved = reserved.plus(
                shape.owner(), Math.min(1, Math.max(0, running)), Math.min(shape.gpus(), Math.max(0, gpusLeft)));
    }

    private void reserveFor(Placement job) {
        Shape shape = job.shape();
        Lessee lessee = new Lessee(job.job(), "");
        reserved = reserved.plus(shape.owner(), 1, shape.gpus());
        reservedPlaces = Math.min(1, openPlaces());
        gpus = gpus.lease(lessee, gpus.pick(Math.min(shape.gpus(), gpus.available())));
        if (!ports.isElastic()) {
            ports = ports.lease(lessee, ports.pick(Math.min(shape.ports(), ports.available())));
        }
    }
}
