package dev.sage.runtime.core.job;

/** What moves a job from state to state. */
public enum JobTrigger {
    /** Its turn has come. */
    ADMIT,
    /** Cancelled or stopped before its turn came; there is nothing to clean up. */
    WITHDRAW,
    /** Its deadline passed before its turn came. */
    EXPIRE,
    /** It can never have what it asks for. */
    REFUSE,
    /** All services and tasks run. */
    STARTED,
    PAUSE,
    RESUME,
    /** The last task has ended, and the job is not to end with it. */
    GO_IDLE,
    /** The outcome is settled: the last task has ended, a stop, a cancel, a failure, the deadline. */
    END,
    /** No task is left. */
    TASKS_GONE,
    CLEAN_COMPLETED,
    CLEAN_STOPPED,
    CLEAN_CANCELLED,
    CLEAN_FAILED,
    CLEAN_TIMED_OUT
}
