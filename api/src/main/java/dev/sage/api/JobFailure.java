package dev.sage.api;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * Why a job failed: who, where, and what was thrown.
 *
 * @param origin whose code it was
 * @param name the operator's or service's name
 * @param instance the parallel instance, from 0; 0 for services
 * @param ordinal the number, from 0, of the record that the operator's instance was working on, where there was one
 * @param step what was being done, for example {@code apply}, {@code open}, {@code commit}, {@code init}
 * @param cause what was thrown, where something was
 * @param message the failure in words, without who and where
 */
public record JobFailure(
        Origin origin,
        String name,
        int instance,
        OptionalLong ordinal,
        String step,
        Optional<Throwable> cause,
        String message) {

    /** Whose code failed. */
    public enum Origin {
        /** A function, source, sink or command. */
        OPERATOR,
        /** A service or its process. */
        SERVICE,
        /** Sage itself, or what it runs on. */
        RUNTIME
    }

    /** For example {@code operator 'parse' (instance 1, record 4711): java.lang.NumberFormatException: …}. */
    public String describe() {
        StringBuilder text = new StringBuilder(origin.name().toLowerCase(java.util.Locale.ROOT));
        text.append(" '").append(name).append('\'');
        if (origin == Origin.OPERATOR) {
            text.append(" (instance ").append(instance);
            ordinal.ifPresent(n -> text.append(", record ").append(n));
            text.append(')');
        }
        return text.append(", ").append(step).append(": ").append(message).toString();
    }
}
