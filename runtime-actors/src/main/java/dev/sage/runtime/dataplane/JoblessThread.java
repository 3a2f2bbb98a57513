package dev.sage.runtime.dataplane;

import java.security.AccessController;
import java.security.PrivilegedAction;

/** Makes threads that outlive the jobs which were the first to need them. */
final class JoblessThread {
    private JoblessThread() {}

    /**
     * A daemon thread, not started, that holds nothing of the job below whose code it is made: not its context class loader,
     * and not the protection domains of the callers, which every thread takes over before Java 24, and by them their class
     * loaders.
     */
    @SuppressWarnings("removal")
    static Thread of(Runnable body, String name) {
        Thread thread =
                AccessController.doPrivileged((PrivilegedAction<Thread>) () -> new Thread(null, body, name, 0, false));
        thread.setContextClassLoader(JoblessThread.class.getClassLoader());
        thread.setDaemon(true);
        return thread;
    }
}
