package dev.sage.api;

/**
 * The life of a service in five facts.
 *
 * @param initialized {@code init} returned
 * @param wasRunning {@code start} returned, so it could be called
 * @param cleanupCalled {@code cleanup} was called
 * @param cleanupCompleted {@code cleanup} returned without throwing
 * @param running it can be called now (a kept service, or one of a job that still runs)
 */
public record ServiceReport(
        String name,
        boolean initialized,
        boolean wasRunning,
        boolean cleanupCalled,
        boolean cleanupCompleted,
        boolean running) {}
