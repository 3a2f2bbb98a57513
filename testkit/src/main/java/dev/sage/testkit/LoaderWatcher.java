package dev.sage.testkit;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sees class loaders that something still refers to: one forgotten thread or listener holds all classes of a job. */
final class LoaderWatcher implements Watcher {
    private final List<WeakReference<ClassLoader>> watched = new ArrayList<>();

    synchronized void watch(ClassLoader loader) {
        watched.add(new WeakReference<>(loader));
    }

    @Override
    public synchronized List<String> leaks() {
        if (watched.isEmpty()) {
            return List.of();
        }
        System.gc();
        List<String> leaks = new ArrayList<>();
        for (WeakReference<ClassLoader> reference : watched) {
            @Nullable ClassLoader loader = reference.get();
            if (loader != null) {
                leaks.add("class loader " + loader + " is still referred to");
            }
        }
        return leaks;
    }
}
