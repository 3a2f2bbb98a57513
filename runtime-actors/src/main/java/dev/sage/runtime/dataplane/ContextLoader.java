package dev.sage.runtime.dataplane;

import org.jspecify.annotations.Nullable;

/**
 * The context class loader of threads that come and go between jobs. The code of a job has that of the thread which
 * submitted it, wherever it runs, so that what it finds by its context class loader is its own.
 */
public final class ContextLoader {
    private ContextLoader() {}

    public static @Nullable ClassLoader current() {
        return Thread.currentThread().getContextClassLoader();
    }

    /** Sets that of this thread; answers the one before, which is to be put back. */
    public static @Nullable ClassLoader swap(@Nullable ClassLoader loader) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        return before;
    }
}
