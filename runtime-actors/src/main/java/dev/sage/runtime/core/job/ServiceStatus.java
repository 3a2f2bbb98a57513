package dev.sage.runtime.core.job;

/** What a job knows of one of its services. */
public enum ServiceStatus {
    WAITING,
    STARTING,
    RUNNING,
    STOPPING,
    /** It no longer runs, or never did; to be cleaned up. */
    STOPPED,
    CLEANING,
    /** Being handed to its next owner. */
    KEEPING,
    KEPT,
    GONE,
    /** Its clean-up did not end in time, or could not be called. */
    ABANDONED;

    boolean isSettled() {
        return this == GONE || this == ABANDONED || this == KEPT;
    }

    /** Whether it has been stopped, so that what it depends on may be stopped too. */
    boolean isPastStop() {
        return this == WAITING || this == STOPPED || this == CLEANING || isSettled();
    }
}
