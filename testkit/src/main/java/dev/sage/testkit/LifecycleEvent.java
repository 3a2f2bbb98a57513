package dev.sage.testkit;

/** A fact about one of the services that a probe watches. */
public record LifecycleEvent(String service, LifecycleFact fact) {
    /** For example {@code index: cleanup called}. */
    @Override
    public String toString() {
        return service + ": " + fact;
    }
}
