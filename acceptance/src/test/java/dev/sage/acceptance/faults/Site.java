package dev.sage.acceptance.faults;

/** A piece of user code that a job comes through. */
enum Site {
    SOURCE,
    MAP,
    KEYED,
    ASYNC,
    SINK_OPEN,
    SINK,
    SERVICE_START,
    SERVICE_CALL,
    SERVICE_STOP,
    SERVICE_CLEANUP
}
