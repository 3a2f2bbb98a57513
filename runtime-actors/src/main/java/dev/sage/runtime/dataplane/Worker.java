package dev.sage.runtime.dataplane;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One thread of the executor: takes the next tasklet, gives it its turn, and so on until there is no more to take. */
final class Worker implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(Worker.class);

    private final TaskletExecutor executor;
    private final Thread thread;
    private volatile @Nullable Tasklet current;
    private volatile long sinceNanos;

    /** Guarded by the executor's lock. A retired worker takes nothing more: another one has its place. */
    boolean retired;

    Worker(TaskletExecutor executor, String threadName) {
        this.executor = executor;
        this.thread = JoblessThread.of(this, threadName);
    }

    void start() {
        thread.start();
    }

    @Override
    public void run() {
        boolean goesOn = true;
        while (goesOn) {
            goesOn = runNext();
        }
    }

    /** A method of its own: while this waits, its thread must hold nothing of the job that it last worked for. */
    private boolean runNext() {
        Tasklet tasklet = executor.take(this);
        if (tasklet == null) {
            return false;
        }
        // The time first: whoever sees the tasklet sees the start of this turn or of a later one.
        sinceNanos = System.nanoTime();
        current = tasklet;
        executor.watchdog().arm();
        try {
            tasklet.runTurn();
        } catch (Throwable broken) {
            log.error("{} broke the turn of its task, which has no more turns.", tasklet.holder(), broken);
        }
        current = null;
        return true;
    }

    @Nullable
    Tasklet current() {
        return current;
    }

    Thread thread() {
        return thread;
    }

    long sinceNanos() {
        return sinceNanos;
    }
}
