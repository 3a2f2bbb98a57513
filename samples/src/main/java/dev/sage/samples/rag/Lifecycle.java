package dev.sage.samples.rag;

import dev.sage.api.JobResult;
import dev.sage.api.ServiceReport;
import java.io.PrintStream;

/** Tells what became of the services of a job that has ended. */
final class Lifecycle {
    private Lifecycle() {}

    static void print(JobResult result, PrintStream out) {
        for (ServiceReport service : result.services().values()) {
            out.println("service " + service.name());
            out.println("  initialized: " + service.initialized());
            out.println("  was running: " + service.wasRunning());
            out.println("  cleanup called: " + service.cleanupCalled());
            out.println("  cleanup completed: " + service.cleanupCompleted());
            out.println("  running: " + (service.running() ? "true (running)" : "false (not running)"));
        }
    }
}
