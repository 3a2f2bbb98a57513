package dev.sage.acceptance.faults;

/** In which part of its life the job is when it goes wrong. */
enum Moment {
    STARTING,
    RUNNING,
    /** The job was asked to stop, and is draining its tasks or stopping its services. */
    STOPPING
}
