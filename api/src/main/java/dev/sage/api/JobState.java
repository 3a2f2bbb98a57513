package dev.sage.api;

/** Where a job is in its life. A terminal state is entered once, after the clean-up, and never left. */
public enum JobState {
    /** Accepted; waits for its turn. */
    QUEUED,
    /** Its services, then its tasks are being started. */
    STARTING,
    /** Its sources are read. */
    RUNNING,
    /** The sources are held; services and leases stay. */
    PAUSED,
    /** All tasks have ended; the services can be called until the job is stopped. */
    IDLE,
    /** The outcome is settled; the tasks are ending. */
    STOPPING,
    /** No task is left; services and resources are being given back. */
    CLEANING,
    /** All tasks ended by themselves, and everything was cleaned up without an error. */
    COMPLETED,
    /** Drained on request. */
    STOPPED,
    /** Ended on request, by {@code cancel} or {@code close}, or by a signal. */
    CANCELLED,
    /** User code, a service, a program or Sage itself failed. */
    FAILED,
    /** Its deadline passed. */
    TIMED_OUT;

    /** Whether the job has ended, and has been cleaned up. */
    public boolean isTerminal() {
        return compareTo(COMPLETED) >= 0;
    }
}
