package dev.sage.runtime.core.service;

/** What moves a service from state to state. */
public enum ServiceTrigger {
    START,
    /** The life-cycle method of this state returned. */
    RETURNED,
    /** It returned, and meanwhile the service was asked to stop. */
    RETURNED_LATE,
    /** It threw. */
    THREW,
    /** It died, and its restart policy allows another instance. */
    RESTART,
    /** It died, and that is final. */
    DIE,
    STOP,
    /** Now, even if a life-cycle method has not returned: its phase's time was up. */
    CLEAN_UP
}
