package dev.sage.acceptance.faults;

/** Where it goes wrong. Each operator runs in a task of its own. */
enum Place {
    SOURCE,
    MAP,
    KEYED,
    ASYNC,
    SINK,
    SERVICE;

    /** The name of the operator or service. */
    String key() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
