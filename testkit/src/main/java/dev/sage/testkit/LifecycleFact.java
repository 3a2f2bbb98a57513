package dev.sage.testkit;

import java.util.Locale;

/** What a {@link LifecycleProbe} has seen of a service. */
public enum LifecycleFact {
    /** {@code init} returned. */
    INITIALIZED,
    /** {@code start} returned. */
    RUNNING,
    /** {@code stop} was called, whatever it did then. */
    STOP_CALLED,
    /** {@code cleanup} was called, whatever it did then. */
    CLEANUP_CALLED,
    /** {@code cleanup} returned without throwing. */
    CLEANUP_COMPLETED,
    /** {@code cleanup} returned or threw: the end of the service's life. */
    NOT_RUNNING;

    /** In words, for example {@code cleanup called}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
