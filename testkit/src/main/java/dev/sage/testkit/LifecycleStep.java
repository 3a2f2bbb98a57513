package dev.sage.testkit;

/** A step in a service's life at which a {@link LifecycleProbe} can make it fail or wait. */
public enum LifecycleStep {
    /** {@code init}. */
    INIT,
    /** {@code start}. */
    START,
    /** A call of {@link ProbeService#echo}; calls of other services pass through the probe unseen. */
    CALL,
    /** {@code stop}. */
    STOP,
    /** {@code cleanup}. */
    CLEANUP
}
