package dev.sage.runtime.dataplane;

import org.jspecify.annotations.Nullable;

/** One thread of the executor: takes the next tasklet, gives it its turn, and so on until there is no more to take. */
final class Worker implements Runnable {
    private final TaskletExecutor executor;
    private volatile @Nullable Tasklet current;
    private volatile long sinceNanos;

    /** Guarded by the executor's lock. A retired worker takes nothing more: another one has its place. */
    boolean retired;

    Worker(TaskletExecutor executor) {
        this.executor = executor;
    }

    @Override
    public void run() {
        Tasklet tasklet = executor.take(this);
        while (tasklet != null) {
            // The time first: whoever sees the tasklet sees the start of this turn or of a later one.
            sinceNanos = System.nanoTime();
            current = tasklet;
            executor.watchdog().arm();
            try {
                tasklet.runTurn();
            } finally {
                current = null;
            }
            tasklet = executor.take(this);
        }
    }

    @Nullable
    Tasklet current() {
        return current;
    }

    long sinceNanos() {
        return sinceNanos;
    }
}
