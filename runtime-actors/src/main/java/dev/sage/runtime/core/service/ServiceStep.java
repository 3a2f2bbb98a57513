package dev.sage.runtime.core.service;

/** The life-cycle methods of a service. INIT includes its factory. */
public enum ServiceStep {
    INIT,
    START,
    STOP,
    CLEANUP;

    /** As in reports: {@code init}. */
    public String key() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
