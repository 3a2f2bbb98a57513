package dev.sage.runtime.core.schedule;

/** Where a job is on its way through the schedule. */
public enum Stage {
    WAITING,
    /** What was chosen for it is being acquired. */
    ACQUIRING,
    /** It ended while that was being acquired. */
    WITHDRAWN,
    RUNNING,
    /** It has ended; something that it had is not free yet, or was left to a service that outlives it. */
    LEAVING,
    GONE
}
