package dev.sage.runtime.ray;

import dev.sage.api.CleanupReport;
import dev.sage.api.RayPool;
import dev.sage.api.RayService;
import dev.sage.api.SageException;
import dev.sage.api.Service;
import dev.sage.api.graph.Operator;
import dev.sage.runtime.core.ledger.LedgerEntry;
import dev.sage.runtime.core.ledger.Resource;
import dev.sage.runtime.dataplane.BlockingThreads;
import dev.sage.runtime.dataplane.RemotePool;
import dev.sage.runtime.resource.ActorEnder;
import dev.sage.runtime.resource.Ledger;
import dev.sage.runtime.service.ServiceMaker;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * The actors of Ray that the jobs of one environment have: written to the ledger before they are made, and struck off when
 * they were seen to be gone. Thread-safe.
 */
public final class RayActors implements AutoCloseable {
    private record Holder(String job, String name) {}

    private record Told(Holder holder, CleanupReport.Line line) {}

    private final RaySettings settings;
    private final Ledger ledger;
    private final BlockingThreads threads;
    private final int epoch;
    private final RayWay way;
    private final ActorsEnd end;
    private final Map<LedgerEntry, HeldActor> held = new ConcurrentHashMap<>();
    private final Map<Holder, Integer> numbers = new HashMap<>();
    /** Of those that ended before their job, until they are reported. */
    private final List<Told> early = new ArrayList<>();

    private volatile boolean closed;

    /**
     * None yet.
     *
     * @param epoch the attempt of the jobs
     */
    public static RayActors create(
            RaySettings settings, Ledger ledger, BlockingThreads threads, int epoch, RayHost host) {
        return new RayActors(settings, ledger, threads, epoch, new RayWay(RayWay.found(), host));
    }

    RayActors(RaySettings settings, Ledger ledger, BlockingThreads threads, int epoch, RayWay way) {
        this.settings = settings;
        this.ledger = ledger;
        this.threads = threads;
        this.epoch = epoch;
        this.way = way;
        this.end = new ActorsEnd(settings, threads, way, this::released);
    }

    /**
     * Does not block.
     *
     * @throws SageException with code {@code ray.missing} when there is no bridge
     */
    public void require() {
        way.require();
    }

    /**
     * One that has not been started.
     *
     * @param lasting whether it may outlive its job
     */
    public Service service(
            String job, String name, RayService actor, int concurrency, Duration callTimeout, boolean lasting) {
        return new ActorService(this, settings, job, name, actor, concurrency, callTimeout, lasting);
    }

    /** For one instance of an operator. */
    public RemotePool pool(String job, String operator, int instance, int instances, Operator of) {
        return new ActorPool(this, settings, threads, job, operator, share(of, instance, instances), ActorTask.of(of));
    }

    /** The pool's actors are shared out evenly, the first instances having one more. */
    private static RayPool share(Operator of, int instance, int instances) {
        RayPool pool = ActorTask.pool(of);
        int actors = pool.actors() / instances + (instance < pool.actors() % instances ? 1 : 0);
        return pool.actors(actors);
    }

    /**
     * Blocks until it is made. What comes of one whose making fails is seen to when its job releases what it has.
     *
     * @param wanted no longer once its holder was closed, after which its job may have released all that it has
     */
    HeldActor make(String job, String holder, ActorSpec unnamed, BooleanSupplier wanted) throws InterruptedException {
        RayBridge bridge = way.bridge();
        RayPlace place = bridge.connect();
        int number = number(new Holder(job, holder));
        String name = name(job, holder, number);
        LedgerEntry entry = ledger.add(
                job, epoch, holder, new Resource.RayActor(place.cluster(), place.namespace(), name, unnamed.lasting()));
        HeldActor one = new HeldActor(entry, number == 1 ? holder : holder + "~" + number);
        held.put(entry, one);
        // Only now: from here on the job releases it, by its name even before it is made. Whoever makes something for a
        // job that ends has been interrupted before that.
        if (Thread.interrupted()) {
            released(one);
            throw new InterruptedException("An actor for '" + holder + "' is not needed any more.");
        }
        if (closed || !wanted.getAsBoolean()) {
            released(one);
            throw closed
                    ? new SageException(
                            "environment.closed", "The environment was closed and makes no actor for '" + holder + "'.")
                    : new SageException("ray.start", "An actor for '" + holder + "' is not needed any more.");
        }
        if (unnamed.lasting()) {
            // An attempt that a crash ended may have left one of this name, which the sweep has not come to yet.
            bridge.reap(Set.of(name), settings.cleanUpWithin());
        }
        RayActor made = bridge.create(new ActorSpec(
                name,
                unnamed.code(),
                unnamed.arguments(),
                unnamed.needs(),
                unnamed.concurrency(),
                unnamed.classes(),
                unnamed.lasting(),
                unnamed.within()));
        one.made(made);
        if (one.isReleased()) {
            // It was given up while it was being made, and then nobody else would end it.
            made.cleanUpAndKill(settings.cleanUpWithin());
            throw new SageException("ray.start", "The actor " + name + " was not needed any more when it was made.");
        }
        return one;
    }

    private String name(String job, String holder, int number) {
        // The other programs with this state folder are in the same namespace, and may have a shared service of this
        // name.
        String owner = job.equals(ServiceMaker.sharedId(holder)) ? job + "-" + ledger.instance() : job;
        String first = "job_" + encoded(owner) + "_" + epoch + "_" + encoded(holder);
        return number == 1 ? first : first + "~" + number;
    }

    private static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8);
    }

    private int number(Holder holder) {
        synchronized (numbers) {
            return numbers.merge(holder, 1, Integer::sum);
        }
    }

    /** Ends those of a holder that died, as {@link #endEarly}. Blocks. */
    void endDead(String job, String holder) throws InterruptedException {
        for (HeldActor one : List.copyOf(held.values())) {
            if (one.entry.job().equals(job) && one.entry.holder().equals(holder) && one.died()) {
                endEarly(one);
            }
        }
    }

    /** Ends one before its job ends; what came of it is reported with the others. Blocks. */
    void endEarly(HeldActor one) throws InterruptedException {
        List<CleanupReport.Line> lines = end.of(List.of(one));
        if (held.containsKey(one.entry)) {
            // The phase of its job has another go, and tells what came of that.
            return;
        }
        synchronized (early) {
            lines.forEach(line -> early.add(new Told(new Holder(one.entry.job(), one.entry.holder()), line)));
        }
    }

    /** Cleans up and kills those of these holders of a job, all at once, and tells of all that they had. Blocks. */
    public List<CleanupReport.Line> end(String job, Predicate<String> holders) throws InterruptedException {
        List<CleanupReport.Line> lines = new ArrayList<>(takeEarly(job, holders));
        lines.addAll(end.of(held.values().stream()
                .filter(one -> one.entry.job().equals(job) && holders.test(one.entry.holder()))
                .toList()));
        return lines;
    }

    private List<CleanupReport.Line> takeEarly(String job, Predicate<String> holders) {
        synchronized (early) {
            List<Told> taken = early.stream()
                    .filter(told -> told.holder().job().equals(job)
                            && holders.test(told.holder().name()))
                    .toList();
            early.removeAll(taken);
            return taken.stream().map(Told::line).toList();
        }
    }

    private void released(HeldActor one) {
        one.released();
        held.remove(one.entry);
        ledger.strike(one.entry);
    }

    /** The job has ended. */
    public void forget(String job) {
        synchronized (numbers) {
            numbers.keySet().removeIf(holder -> holder.job().equals(job));
        }
        takeEarly(job, holder -> true);
    }

    /** For a sweep: asks the clusters of dead owners, or sees that they are gone. */
    public ActorEnder ender() {
        return new ClusterEnder(way, settings.cleanUpWithin());
    }

    /** Ends all that still run; from now on none is made. Blocks. */
    public List<CleanupReport.Line> endAll() throws InterruptedException {
        closed = true;
        return end.of(List.copyOf(held.values()));
    }

    /** What the cluster is, if one was needed. */
    public Optional<String> describe() {
        return way.describe();
    }

    /** Blocks. */
    @Override
    public void close() {
        closed = true;
        way.close();
    }
}
