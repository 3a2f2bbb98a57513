package dev.sage.runtime.core.task;

/** What moves a task from state to state. */
public enum TaskTrigger {
    START,
    OPENED,
    ENDED,
    FAILED,
    COMMIT,
    CANCEL,
    CLOSED,
    ABANDON
}
