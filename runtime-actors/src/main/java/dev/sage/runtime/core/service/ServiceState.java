package dev.sage.runtime.core.service;

/** Where a service is in its life. */
public enum ServiceState {
    CREATED,
    /** In its factory or in {@code init}. */
    INITIALIZING,
    /** In {@code start}. */
    STARTING,
    /** It can be called. */
    RUNNING,
    /** It died: its instance is stopped and cleaned up, and another one made. */
    RESTARTING,
    /** It died, for good. */
    DEAD,
    /** No new calls; waits for the running ones, then in {@code stop}. */
    STOPPING,
    /** It does not run; to be cleaned up. */
    STOPPED,
    CLEANING,
    CLEANED
}
