package dev.sage.cli;

import java.util.Locale;

/**
 * How much the user wants to know. It is kept in a system property, because the logging, which is set up by its own
 * library at the first logger, has no other way to learn of an option.
 */
final class Verbosity {
    private static final String RAISED = "sage.verbose";

    private Verbosity() {}

    static void raise() {
        System.setProperty(RAISED, "true");
    }

    static boolean showsStackTraces() {
        return Boolean.getBoolean(RAISED) || !environment("SAGE_DEBUG").isEmpty();
    }

    /** The name of the level that is logged, and all above it. */
    static String logLevel() {
        String asked = environment("SAGE_LOG");
        if (!asked.isEmpty()) {
            return asked.toUpperCase(Locale.ROOT);
        }
        return showsStackTraces() ? "INFO" : "WARN";
    }

    private static String environment(String name) {
        String value = System.getenv(name);
        return value == null ? "" : value.strip();
    }
}
