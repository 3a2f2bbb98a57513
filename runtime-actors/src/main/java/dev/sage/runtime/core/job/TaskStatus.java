package dev.sage.runtime.core.job;

/** What a job knows of one of its tasks. */
public enum TaskStatus {
    /** Not started yet. */
    WAITING,
    STARTING,
    RUNNING,
    /** Its work is done and its output complete; not committed yet. */
    ENDED,
    /** All tasks have ended well: its sinks make their output visible. */
    COMMITTING,
    CANCELLING,
    /** It holds nothing any more. */
    GONE,
    /** It did not end in time and was left behind, by name. */
    ABANDONED;

    boolean isGone() {
        return this == GONE || this == ABANDONED;
    }
}
