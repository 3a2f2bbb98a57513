package dev.sage.testkit;

import java.util.Collections;
import java.util.List;
import org.assertj.core.api.AbstractAssert;

/** Assertions about the life of a service. */
public final class ServiceLifeAssert extends AbstractAssert<ServiceLifeAssert, ServiceLife> {
    private static final List<LifecycleFact> WHOLE_LIFE = List.of(LifecycleFact.values());

    ServiceLifeAssert(ServiceLife actual) {
        super(actual, ServiceLifeAssert.class);
    }

    public ServiceLifeAssert wasInitialized() {
        return has(LifecycleFact.INITIALIZED);
    }

    public ServiceLifeAssert wasRunning() {
        return has(LifecycleFact.RUNNING);
    }

    public ServiceLifeAssert wasNeverRunning() {
        return hasNot(LifecycleFact.RUNNING);
    }

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

    public ServiceLifeAssert completedCleanup() {
        return has(LifecycleFact.CLEANUP_COMPLETED);
    }

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
