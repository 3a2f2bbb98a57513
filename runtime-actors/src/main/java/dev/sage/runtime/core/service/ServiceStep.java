package dev.sage.runtime.core.service;

/**
 * The life-cycle methods of a service. INIT includes its factory. DISCARD is both stop and cleanup, of an instance that
 * died and is to be replaced.
 */
public enum ServiceStep {
    INIT,
    START,
    STOP,
    CLEANUP,
    DISCARD;

    /** As in reports: {@code init}. */
    public String key() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
