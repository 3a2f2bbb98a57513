package dev.sage.runtime.core.schedule;

/**
 * Why a job waits.
 *
 * @param other the job that it waits behind; empty when there is none
 */
record Wait(Cause cause, String other) {
    enum Cause {
        /** As many jobs run as may. */
        RUNNING,
        /** As many jobs of its owner run as may. */
        RUNNING_OF_OWNER,
        /** Its owner may not have so many GPUs more. */
        GPUS_OF_OWNER,
        GPUS,
        PORTS,
        /** What is free is reserved for another. */
        RESERVED,
        /** What was chosen for it could not be had. */
        NOT_ACQUIRED
    }

    Wait(Cause cause) {
        this(cause, "");
    }
}
