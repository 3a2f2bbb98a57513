package dev.sage.testkit;

import dev.sage.api.Service;
import dev.sage.api.ServiceFactory;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Watches services: what became of each, in order, and in which order across services. It can also make a service fail
 * or wait at a step of its life.
 *
 * <pre>{@code
 * env.service("index", probe.watching("index", LuceneIndex::new));
 * env.service("cache", probe.service("cache")).dependsOn("index");
 * probe.fail("cache", LifecycleStep.CLEANUP, new IOException("disk full"));
 * …
 * assertThat(probe.life("index")).livedWholly();
 * }</pre>
 *
 * <p>All methods may be called from any thread.
 */
public final class LifecycleProbe {
    private record Place(String service, LifecycleStep step) {}

    private final List<LifecycleEvent> events = new CopyOnWriteArrayList<>();
    private final Map<Place, Throwable> failures = new ConcurrentHashMap<>();
    private final Map<Place, Gate> gates = new ConcurrentHashMap<>();

    private LifecycleProbe() {}

    /** A probe for a test without {@link SageTest}. Call {@link #openGates} before the environment is closed. */
    public static LifecycleProbe create() {
        return new LifecycleProbe();
    }

    /** A service that holds nothing and answers calls with their argument. */
    public ServiceFactory<ProbeService> service(String name) {
        return () -> new ProbeService(name, this);
    }

    /**
     * The user's own service, watched. It can be called by the same methods as before; its class may be of any kind and
     * visibility.
     */
    public <S extends Service> ServiceFactory<S> watching(String name, ServiceFactory<S> factory) {
        return () -> WatchedService.around(factory.create(), name, this);
    }

    /**
     * From now on this step of this service throws. What the user's own service does in it is done before, so that a
     * failing clean-up has given everything back all the same.
     *
     * @param failure an {@link Exception} or {@link Error}
     */
    public LifecycleProbe fail(String service, LifecycleStep step, Throwable failure) {
        failures.put(new Place(service, step), failure);
        return this;
    }

    /** From now on this step of this service begins by waiting at the gate, until that is opened or it is interrupted. */
    public Gate hold(String service, LifecycleStep step) {
        return hold(service, step, Interrupts.HONOURED);
    }

    /** As {@link #hold(String, LifecycleStep)}; with {@link Interrupts#IGNORED} nothing but the gate ends the wait. */
    public Gate hold(String service, LifecycleStep step, Interrupts interrupts) {
        Gate gate = Gate.closed(step + " of " + service, interrupts);
        gates.put(new Place(service, step), gate);
        return gate;
    }

    /** Lets everything that waits at a gate of this probe go on. */
    public void openGates() {
        gates.values().forEach(Gate::open);
    }

    /** What was seen of all services, in order. */
    public List<LifecycleEvent> events() {
        return List.copyOf(events);
    }

    /** What was seen of the services of this name. */
    public ServiceLife life(String service) {
        return new ServiceLife(
                service,
                events.stream()
                        .filter(event -> event.service().equals(service))
                        .map(LifecycleEvent::fact)
                        .toList());
    }

    void record(String service, LifecycleFact fact) {
        events.add(new LifecycleEvent(service, fact));
    }

    void holdAt(String service, LifecycleStep step) throws InterruptedException {
        Gate gate = gates.get(new Place(service, step));
        if (gate != null) {
            gate.pass();
        }
    }

    void failAt(String service, LifecycleStep step) throws Exception {
        Throwable failure = failures.get(new Place(service, step));
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure != null) {
            throw (Exception) failure;
        }
    }
}
