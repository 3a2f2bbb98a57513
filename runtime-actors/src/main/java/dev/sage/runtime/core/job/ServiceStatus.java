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
    /** Cleaned up, but one of its earlier methods, given up for that, has not returned. */
    HELD,
    /** Being handed to its next owner. */
    KEEPING,
    KEPT,
    GONE,
    /** Its clean-up or its thread did not end in time, or its clean-up could not be called. */
    ABANDONED;

    boolean isBeingCleaned() {
        return this == CLEANING || this == HELD;
    }

    /** Whether it holds nothing any more, or is given up. */
    boolean hasEnded() {
        return this == GONE || this == ABANDONED;
    }

    boolean isSettled() {
        return this == GONE || this == ABANDONED || this == KEPT;
    }

    /** Whether it has been stopped, so that what it depends on may be stopped too. */
    boolean isPastStop() {
        return this == WAITING || this == STOPPED || this == CLEANING || isPastCleanUp();
    }

    /** Whether what it depends on may be cleaned up too. */
    boolean isPastCleanUp() {
        return this == HELD || isSettled();
    }
}
