package dev.sage.runtime.core.schedule;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Who is where and has what, while one command is being decided on: each change keeps the pools, the owners' accounts, the
 * line and the placements in step.
 */
final class Allotment {
    private Pool gpus;
    private Pool ports;
    private Owners owners;
    private SortedTree<String, Placement> placements;
    private Line line;
    private int running;

    Allotment(Schedule before) {
        gpus = before.gpus();
        ports = before.ports();
        owners = before.owners();
        placements = before.placements();
        line = before.line();
        running = before.running();
    }

    Pool gpus() {
        return gpus;
    }

    Pool ports() {
        return ports;
    }

    Owners owners() {
        return owners;
    }

    SortedTree<String, Placement> placements() {
        return placements;
    }

    Line line() {
        return line;
    }

    int running() {
        return running;
    }

    /** A job is new, and waits. */
    void enter(Placement job) {
        placements = placements.put(job.job(), job);
        line = line.plus(job);
    }

    /** Why a job waits is recorded; its stage is the same. */
    void note(Placement job) {
        placements = placements.put(job.job(), job);
    }

    /** Null when the job is not at one of these stages. */
    @Nullable
    Placement at(String id, Stage... stages) {
        Placement job = placements.get(id);
        return job != null && List.of(stages).contains(job.stage()) ? job : null;
    }

    Placement placement(String id) {
        Placement job = placements.get(id);
        if (job == null) {
            throw new IllegalStateException("Job " + id + " is in the line and not known.");
        }
        return job;
    }

    /** The only way from stage to stage. */
    Placement move(Placement job, StageTrigger trigger) {
        Placement next = job.on(trigger);
        int change = (next.isPlaced() ? 1 : 0) - (job.isPlaced() ? 1 : 0);
        running += change;
        owners = owners.plus(job.owner(), change, 0);
        if (job.stage() == Stage.WAITING) {
            line = line.minus(job);
        }
        if (next.stage() == Stage.WAITING) {
            line = line.plus(next);
        }
        placements = next.stage() == Stage.GONE ? placements.remove(job.job()) : placements.put(job.job(), next);
        return next;
    }

    Placement goneWhenFree(Placement job) {
        return job.stage() == Stage.LEAVING && job.shares().isEmpty() ? move(job, StageTrigger.FREED) : job;
    }

    Placement give(Placement job, Map<String, Share> more) {
        Map<String, Share> shares = new TreeMap<>(job.shares());
        gpus = gpus.lease(job.job(), more, Share::gpus);
        ports = ports.lease(job.job(), more, Share::ports);
        more.forEach((holder, share) -> shares.merge(holder, share, Share::plus));
        return has(job, shares);
    }

    Placement free(Placement job, Set<String> holders) {
        Map<String, Share> shares = new TreeMap<>(job.shares());
        for (String holder : Set.copyOf(holders)) {
            Share share = shares.remove(holder);
            if (share != null) {
                Lessee lessee = new Lessee(job.job(), holder);
                gpus = gpus.release(lessee, share.gpus());
                ports = ports.release(lessee, share.ports());
            }
        }
        return has(job, shares);
    }

    /** @param taken gets what is in quarantine now */
    Placement quarantine(Placement job, List<Trouble> troubles, List<Thing> taken) {
        Map<String, Share> shares = new TreeMap<>(job.shares());
        for (Trouble trouble : troubles) {
            Thing thing = trouble.thing();
            for (Map.Entry<String, Share> entry : shares.entrySet()) {
                if (entry.getValue().has(thing)) {
                    Lessee lessee = new Lessee(job.job(), entry.getKey());
                    changePool(thing.kind(), pool -> pool.quarantine(lessee, thing.number(), trouble.reason()));
                    entry.setValue(entry.getValue().without(thing));
                    taken.add(thing);
                }
            }
        }
        return has(job, shares);
    }

    private Placement has(Placement job, Map<String, Share> shares) {
        Placement next = job.with(shares);
        owners = owners.plus(job.owner(), 0, next.gpus() - job.gpus());
        placements = placements.put(job.job(), next);
        return next;
    }

    void changePool(Thing.Kind kind, UnaryOperator<Pool> change) {
        if (kind == Thing.Kind.GPU) {
            gpus = change.apply(gpus);
        } else {
            ports = change.apply(ports);
        }
    }
}
