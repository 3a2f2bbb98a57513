package dev.sage.runtime.ray;

import dev.sage.api.RayCode;
import dev.sage.api.SageException;
import dev.sage.api.ServiceException;
import dev.sage.runtime.core.ledger.LedgerEntry;
import dev.sage.runtime.core.ledger.Resource;
import dev.sage.runtime.resource.Ledger;
import dev.sage.runtime.resource.SageHome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A cluster in this JVM, with actors that are objects of tests behind the names of Python classes. There is one, as there is
 * one that a service loader finds; tests begin with {@link #clear}.
 */
public final class FakeRay implements RayBridgeProvider {
    static final RayPlace PLACE = new RayPlace("127.0.0.1:1", "sage-test");

    private static final Map<String, Function<List<@Nullable Object>, Object>> CLASSES = new ConcurrentHashMap<>();
    private static final Map<String, FakeActor> ACTORS = new ConcurrentHashMap<>();
    static final AtomicInteger made = new AtomicInteger();
    /** Actors that are asked for after this wait for it. */
    static volatile @Nullable CountDownLatch gate;

    /** Who connects after this waits for it, also when it is interrupted. */
    static volatile @Nullable CountDownLatch way;

    /** How often somebody has begun to connect. */
    static final AtomicInteger connects = new AtomicInteger();

    static volatile @Nullable SageException unavailable;
    /** That the cluster has, if it is one of our own. */
    static volatile List<Integer> gpus = List.of();

    /** No actor, no class. */
    static void clear() {
        CLASSES.clear();
        ACTORS.values().forEach(FakeActor::kill);
        ACTORS.clear();
        made.set(0);
        gate = null;
        way = null;
        connects.set(0);
        unavailable = null;
        gpus = List.of();
    }

    /** What a class of Python is here, as {@code module.Class}. */
    static void define(String name, Function<List<@Nullable Object>, Object> constructor) {
        CLASSES.put(name, constructor);
    }

    static Set<String> names() {
        return Set.copyOf(ACTORS.keySet());
    }

    /** The names of the actors that stand in the ledger of this JVM with that state folder. */
    static List<String> held(Path home) {
        try (Ledger ledger = Ledger.open(new SageHome(home))) {
            return ledger.entries().stream()
                    .map(LedgerEntry::resource)
                    .filter(Resource.RayActor.class::isInstance)
                    .map(resource -> ((Resource.RayActor) resource).name())
                    .toList();
        }
    }

    static FakeActor actor(String name) {
        FakeActor actor = ACTORS.get(name);
        if (actor == null) {
            throw new AssertionError("There is no actor " + name + " among " + names());
        }
        return actor;
    }

    @Override
    public RayBridge bridge(RayHost host) {
        return new Bridge(host);
    }

    private static final class Bridge implements RayBridge {
        private final RayHost host;
        private boolean started;

        Bridge(RayHost host) {
            this.host = host;
        }

        @Override
        public synchronized RayPlace connect() throws InterruptedException {
            connects.incrementAndGet();
            awaitWay();
            SageException why = unavailable;
            if (why != null) {
                throw why;
            }
            if (!started) {
                host.takeGpus("ray-cluster", gpus);
                started = true;
            }
            return PLACE;
        }

        private static void awaitWay() {
            CountDownLatch open = way;
            boolean interrupted = false;
            while (open != null && open.getCount() > 0) {
                try {
                    open.await();
                } catch (InterruptedException meanwhile) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public RayActor create(ActorSpec spec) throws InterruptedException {
            FakeActor actor = new FakeActor(spec.name(), spec.concurrency(), spec.lasting(), ACTORS::remove);
            // As Ray does, it has it before its constructor has run.
            if (ACTORS.putIfAbsent(spec.name(), actor) != null) {
                throw new SageException("ray.start", "There is an actor " + spec.name() + " already.");
            }
            CountDownLatch open = gate;
            if (open != null) {
                open.await();
            }
            made.incrementAndGet();
            try {
                actor.construct(() -> object(spec));
            } catch (RuntimeException raised) {
                ACTORS.remove(spec.name());
                throw new SageException("ray.start", spec.code() + " could not be made: " + raised, raised);
            }
            return actor;
        }

        private static Object object(ActorSpec spec) throws Exception {
            if (spec.code() instanceof RayCode.JavaClass java) {
                return java.type().getDeclaredConstructor().newInstance();
            }
            Function<List<@Nullable Object>, Object> constructor =
                    CLASSES.get(spec.code().toString());
            if (constructor == null) {
                throw new ServiceException("service.unknown", "No module named '" + spec.code() + "'");
            }
            return constructor.apply(spec.arguments());
        }

        @Override
        public Map<String, String> reap(Set<String> names, Duration within) {
            names.forEach(name -> {
                FakeActor actor = ACTORS.get(name);
                if (actor != null) {
                    actor.kill();
                }
            });
            return new HashMap<>();
        }

        @Override
        public Map<String, String> reap(RayPlace place, Set<String> names, Duration within) {
            return reap(names, within);
        }

        @Override
        public Optional<String> describe() {
            return Optional.of("a cluster in this JVM");
        }

        @Override
        public void close() {
            ACTORS.values().stream().filter(actor -> !actor.lasting).forEach(FakeActor::kill);
            try {
                host.giveGpusBack("ray-cluster");
            } catch (InterruptedException given) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
