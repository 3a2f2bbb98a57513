package dev.sage.runtime.core.task;

/** Where a task is in its life. */
public enum TaskState {
    CREATED,
    /** Its sources and sinks are being opened. */
    OPENING,
    RUNNING,
    /** All done but for the sinks' commit, for which it waits. */
    ENDED,
    /** Something threw; it waits to be cancelled. */
    FAILED,
    COMMITTING,
    CANCELLING,
    CLOSED,
    /** Its code did not return in time. */
    ABANDONED
}
