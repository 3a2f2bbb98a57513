package dev.sage.api;

/**
 * The life of a service in six facts. Those of a restarted one are about its last instance.
 *
 * @param initialized {@code init} returned
 * @param wasRunning {@code start} returned, so it could be called
 * @param cleanupCalled {@code cleanup} was called
 * @param cleanupCompleted {@code cleanup} returned without throwing
 * @param running it can be called now (a kept service, or one of a job that still runs)
 * @param restarts how many times it was made anew because it had died, see {@link RestartPolicy}
 */
public record ServiceReport(
        String name,
        boolean initialized,
        boolean wasRunning,
        boolean cleanupCalled,
        boolean cleanupCompleted,
        boolean running,
        int restarts) {}
