package dev.sage.testkit;

import java.util.Collections;
import java.util.List;
import org.assertj.core.api.AbstractAssert;

/**
 * Assertions about the life of a service, as far as its probe has seen it at the time of the call; nothing is waited for. A
 * failing one tells all facts in their order.
 */
public final class ServiceLifeAssert extends AbstractAssert<ServiceLifeAssert, ServiceLife> {
    private static final List<LifecycleFact> WHOLE_LIFE = List.of(LifecycleFact.values());

    ServiceLifeAssert(ServiceLife actual) {
        super(actual, ServiceLifeAssert.class);
    }

    /** Its {@code init} returned. */
    public ServiceLifeAssert wasInitialized() {
        return has(LifecycleFact.INITIALIZED);
    }

    /** Its {@code start} returned. */
    public ServiceLifeAssert wasRunning() {
        return has(LifecycleFact.RUNNING);
    }

    /** Its {@code start} was not called, or did not return. */
    public ServiceLifeAssert wasNeverRunning() {
        return hasNot(LifecycleFact.RUNNING);
    }

    /** Its {@code stop} was not called. */
    public ServiceLifeAssert wasNeverStopped() {
        return hasNot(LifecycleFact.STOP_CALLED);
    }

    /** Exactly once, whether it completed or not. */
    public ServiceLifeAssert wasCleanedUpOnce() {
        int times = Collections.frequency(actual.facts(), LifecycleFact.CLEANUP_CALLED);
        if (times != 1) {
            failWithMessage("The cleanup of service '%s' was called %d times, not once: %s", name(), times, facts());
        }
        return this;
    }

    /** Its {@code cleanup} returned without throwing. */
    public ServiceLifeAssert completedCleanup() {
        return has(LifecycleFact.CLEANUP_COMPLETED);
    }

    /** Started, and not yet cleaned up. */
    public ServiceLifeAssert isRunning() {
        if (!actual.isRunning()) {
            failWithMessage("Service '%s' is not running: %s", name(), facts());
        }
        return this;
    }

    /** Initialized and running and nothing since, as a service that its job has left to the environment. */
    public ServiceLifeAssert isKept() {
        return hasFacts(LifecycleFact.INITIALIZED, LifecycleFact.RUNNING);
    }

    /** Never started, or cleaned up. */
    public ServiceLifeAssert isNotRunning() {
        if (actual.isRunning()) {
            failWithMessage("Service '%s' still runs: %s", name(), facts());
        }
        return this;
    }

    /** All facts of a good life, each once and in order: initialized, running, stopped, cleaned up, not running. */
    public ServiceLifeAssert livedWholly() {
        return hasFacts(WHOLE_LIFE.toArray(LifecycleFact[]::new));
    }

    /** Exactly these facts in this order. */
    public ServiceLifeAssert hasFacts(LifecycleFact... expected) {
        if (!actual.facts().equals(List.of(expected))) {
            failWithMessage("The life of service '%s' was %s, not %s", name(), facts(), List.of(expected));
        }
        return this;
    }

    private ServiceLifeAssert has(LifecycleFact fact) {
        if (!actual.has(fact)) {
            failWithMessage("Service '%s' has no fact '%s': %s", name(), fact, facts());
        }
        return this;
    }

    private ServiceLifeAssert hasNot(LifecycleFact fact) {
        if (actual.has(fact)) {
            failWithMessage("Service '%s' has the fact '%s': %s", name(), fact, facts());
        }
        return this;
    }

    private String name() {
        return actual.service();
    }

    private List<LifecycleFact> facts() {
        return actual.facts();
    }
}
