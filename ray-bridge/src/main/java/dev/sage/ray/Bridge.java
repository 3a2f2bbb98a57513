package dev.sage.ray;

import dev.sage.api.SageException;
import dev.sage.ray.cluster.ClusterAddress;
import dev.sage.ray.cluster.ClusterSettings;
import dev.sage.ray.cluster.RayCluster;
import dev.sage.ray.cluster.RayClusters;
import dev.sage.ray.link.Gateway;
import dev.sage.ray.link.GatewayLimits;
import dev.sage.ray.link.GatewayOptions;
import dev.sage.ray.link.RayCallException;
import dev.sage.ray.wire.Failure;
import dev.sage.ray.wire.Message;
import dev.sage.runtime.ray.ActorSpec;
import dev.sage.runtime.ray.RayActor;
import dev.sage.runtime.ray.RayBridge;
import dev.sage.runtime.ray.RayHost;
import dev.sage.runtime.ray.RayPlace;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cluster, and the gateway that is in it. Both are started by the first need; a gateway that was lost is started again
 * by the next, and so is a cluster of our own.
 */
final class Bridge implements RayBridge {
    private static final Logger log = LoggerFactory.getLogger(Bridge.class);

    private final RayHost host;
    private final ClusterSettings settings;
    private final GatewayLimits limits;
    private final ExecutorService threads = Executors.newCachedThreadPool(body -> {
        Thread thread = new Thread(body, "sage-ray-bridge");
        thread.setDaemon(true);
        return thread;
    });

    private final Map<String, RemoteActor> actors = new ConcurrentHashMap<>();
    /** Whoever starts a cluster has it for long; who waits for that may be interrupted. */
    private final ReentrantLock connecting = new ReentrantLock();
    /** Written under the lock; to look at it takes none. */
    private volatile @Nullable Connection connection;

    private boolean closed;

    Bridge(RayHost host, ClusterSettings settings, GatewayLimits limits) {
        this.host = host;
        this.settings = settings;
        this.limits = limits;
    }

    @Override
    public RayPlace connect() throws InterruptedException {
        return connected().place();
    }

    private Connection connected() throws InterruptedException {
        connecting.lockInterruptibly();
        try {
            if (closed) {
                throw new SageException("ray.lost", "The way to Ray was closed with its environment.");
            }
            Optional<Connection> again = restored();
            if (again.isPresent()) {
                return again.get();
            }
            RayCluster cluster = RayClusters.find(host, settings);
            cluster.lost().thenAccept(cause -> log.warn("{}", cause.getMessage()));
            return joined(cluster);
        } finally {
            connecting.unlock();
        }
    }

    /** The known one, with another gateway if that was lost; empty when the cluster was, or none was needed yet. */
    private Optional<Connection> restored() throws InterruptedException {
        connecting.lockInterruptibly();
        try {
            Connection known = connection;
            if (known == null || known.lives()) {
                return Optional.ofNullable(known);
            }
            connection = null;
            known.gateway().close();
            if (known.clusterLives()) {
                try {
                    return Optional.of(joined(known.cluster()));
                } catch (SageException notJoined) {
                    if (known.clusterLives()) {
                        throw notJoined;
                    }
                }
            }
            known.cluster().close();
            return Optional.empty();
        } finally {
            connecting.unlock();
        }
    }

    /** By a new gateway; under the lock. */
    private Connection joined(RayCluster cluster) {
        Gateway gateway;
        try {
            gateway = Gateway.start(
                    options(cluster, namespace()),
                    Clock.systemUTC(),
                    this::died,
                    cluster.lost().thenApply(cause -> String.valueOf(cause.getMessage())));
        } catch (RayCallException notStarted) {
            cluster.close();
            throw new SageException("ray.unavailable", String.valueOf(notStarted.getMessage()), notStarted);
        }
        Connection made =
                new Connection(cluster, gateway, new RayPlace(cluster.address().toString(), namespace()));
        connection = made;
        log.info("Connected to {}", cluster.describe());
        later(() -> Unowned.end(gateway, host, settings.answersWithin()));
        return made;
    }

    private void died(String name, String why) {
        RemoteActor actor = actors.get(name);
        if (actor != null) {
            actor.died("died: " + why);
        }
    }

    /**
     * For an actor that outlived its gateway, the next one in the same cluster. Blocks.
     *
     * @throws SageException when the cluster is gone, or no gateway can be had
     * @throws RayCallException when the actor is gone
     */
    Gateway again(RayPlace place, ActorSpec spec) throws InterruptedException {
        Connection in;
        connecting.lockInterruptibly();
        try {
            Connection known = connection;
            if (known == null || !known.place().equals(place) || !known.clusterLives()) {
                throw new SageException("ray.lost", "The Ray cluster at " + place.cluster() + " is gone.");
            }
            in = connected();
        } finally {
            connecting.unlock();
        }
        get(in.gateway().attach(spec.name(), spec.concurrency()), settings.answersWithin());
        return in.gateway();
    }

    /** It has been ended. */
    void forget(String name) {
        actors.remove(name);
    }

    private GatewayOptions options(RayCluster cluster, String namespace) {
        return Options.of(cluster, namespace, host.home()).within(limits);
    }

    /** The same for all programs that have this state folder on this machine, and for no others. */
    private String namespace() {
        return namespace(host.home());
    }

    static String namespace(Path home) {
        String whole = Machines.name() + ":" + home.toAbsolutePath().normalize();
        return "sage-" + UUID.nameUUIDFromBytes(whole.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public RayActor create(ActorSpec spec) throws InterruptedException {
        Connection in = connected();
        RemoteActor actor = new RemoteActor(spec, in, this, limits.batchBytes());
        actors.put(spec.name(), actor);
        try {
            get(in.gateway().create(WireSpecs.of(spec), spec.within()), spec.within());
        } catch (RayCallException failed) {
            forget(spec.name());
            throw Failures.atStart(spec, failed);
        } catch (InterruptedException given) {
            forget(spec.name());
            throw given;
        }
        return actor;
    }

    @Override
    public Map<String, String> reap(Set<String> names, Duration within) throws InterruptedException {
        Optional<Connection> first = restored();
        if (first.isEmpty()) {
            return Map.of();
        }
        Map<String, String> left = reap(first.get().gateway(), names, within);
        if (left.isEmpty() || first.get().lives()) {
            return left;
        }
        Optional<Connection> second = restored();
        return second.isEmpty() ? Map.of() : reap(second.get().gateway(), names, within);
    }

    @Override
    public Map<String, String> reap(RayPlace place, Set<String> names, Duration within) throws InterruptedException {
        Connection known = connection;
        if (known != null && known.lives() && known.place().equals(place)) {
            return reap(known.gateway(), names, within);
        }
        try (RayCluster cluster = at(place.cluster());
                Gateway gateway =
                        Gateway.start(options(cluster, place.namespace()), Clock.systemUTC(), (actor, why) -> {})) {
            return reap(gateway, names, within);
        } catch (RayCallException notStarted) {
            throw new SageException("ray.unavailable", String.valueOf(notStarted.getMessage()), notStarted);
        }
    }

    /** One that runs, with all that is known of it: the one that is used here, or any at that address. */
    private RayCluster at(String address) throws InterruptedException {
        RayCluster used = RayClusters.find(host, Options.withoutStart(settings, settings.address()));
        if (used.address().toString().equals(address)) {
            return used;
        }
        used.close();
        return RayClusters.find(host, Options.withoutStart(settings, Optional.of(ClusterAddress.parse(address))));
    }

    private static Map<String, String> reap(Gateway gateway, Set<String> names, Duration within)
            throws InterruptedException {
        List<Message.ReapedActor> reaped;
        try {
            reaped = get(gateway.reap(List.copyOf(names), within), within);
        } catch (RayCallException failed) {
            return names.stream().collect(Collectors.toMap(name -> name, name -> String.valueOf(failed.getMessage())));
        }
        Map<String, String> left = new HashMap<>();
        reaped.stream().filter(one -> !one.problem().isEmpty()).forEach(one -> left.put(one.name(), one.problem()));
        return left;
    }

    /** Runs something that blocks; nothing, and false, once this was closed. */
    boolean later(Runnable body) {
        try {
            threads.execute(body);
            return true;
        } catch (RejectedExecutionException afterTheClose) {
            log.debug("Nothing more is done for actors of Ray", afterTheClose);
            return false;
        }
    }

    static <T> T get(CompletionStage<T> stage, Duration within) throws InterruptedException {
        try {
            return stage.toCompletableFuture().get(within.plusSeconds(1).toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            throw new RayCallException(
                    Failure.of(Failure.Kind.TIMEOUT, "The gateway of Ray did not answer within " + within + "."));
        } catch (ExecutionException failed) {
            throw known(failed);
        }
    }

    static RayCallException known(Throwable failed) {
        Throwable cause = failed;
        while ((cause instanceof ExecutionException || cause instanceof CompletionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause instanceof RayCallException known
                ? known
                : new RayCallException(Failure.of(Failure.Kind.RAY, String.valueOf(cause)));
    }

    @Override
    public Optional<String> describe() {
        return Optional.ofNullable(connection).map(known -> known.cluster().describe());
    }

    @Override
    public void close() {
        Connection known;
        connecting.lock();
        try {
            closed = true;
            known = connection;
            connection = null;
        } finally {
            connecting.unlock();
        }
        if (known != null) {
            known.gateway().close();
            known.cluster().close();
        }
        threads.shutdown();
    }
}
