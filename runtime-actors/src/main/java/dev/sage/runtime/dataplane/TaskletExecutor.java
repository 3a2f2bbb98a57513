package dev.sage.runtime.dataplane;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Runs the tasklets of all jobs of an environment on a fixed number of threads: one queue, first come first served, a
 * quantum each. A fork-join pool is quicker at handing work to its own thread, and starves the others for as long as
 * that goes on; a fair queue lets nobody wait for more than the turns before it.
 */
public final class TaskletExecutor implements AutoCloseable {
    private final String environment;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Queue<Tasklet> runnable = new ArrayDeque<>();
    private final List<Worker> workers = new CopyOnWriteArrayList<>();
    private final Watchdog watchdog;
    private final Alarms alarms;
    private int waiting;
    private int started;
    private boolean closed;

    private TaskletExecutor(String environment, DataPlaneSettings settings) {
        this.environment = environment;
        this.watchdog = new Watchdog(this, settings.replaceAfter(), "sage-" + environment + "-watchdog");
        this.alarms = new Alarms("sage-" + environment + "-alarms");
    }

    /** With threads that are named {@code sage-{environment}-worker-N}, which run at once. */
    public static TaskletExecutor create(String environment, DataPlaneSettings settings) {
        TaskletExecutor executor = new TaskletExecutor(environment, settings);
        executor.lock.lock();
        try {
            for (int i = 0; i < settings.threads(); i++) {
                executor.startWorker();
            }
        } finally {
            executor.lock.unlock();
        }
        executor.watchdog.start();
        return executor;
    }

    /**
     * Takes no more turns. A turn that runs is not interrupted, its thread ends with it. Closing twice does nothing.
     */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            runnable.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        watchdog.close();
        alarms.close();
    }

    /**
     * After {@link #close}: waits until all threads have ended, those excepted that were replaced; false when some have
     * not within the time.
     */
    public boolean awaitEnd(Duration time) throws InterruptedException {
        long deadline = System.nanoTime() + time.toNanos();
        boolean ended = joined(watchdog.thread(), deadline);
        for (Worker worker : workers) {
            ended &= joined(worker.thread(), deadline);
        }
        return alarms.awaitEnd(Duration.ofNanos(Math.max(1, deadline - System.nanoTime()))) && ended;
    }

    private static boolean joined(Thread thread, long deadline) throws InterruptedException {
        thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
        return !thread.isAlive();
    }

    void enqueue(Tasklet tasklet) {
        lock.lock();
        try {
            if (!closed) {
                runnable.add(tasklet);
                if (waiting > 0) {
                    changed.signal();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** The next tasklet, waiting for it; null when this worker is to end. */
    @Nullable
    Tasklet take(Worker worker) {
        lock.lock();
        try {
            while (!closed && !worker.retired) {
                Tasklet next = runnable.poll();
                if (next != null) {
                    return next;
                }
                waiting++;
                changed.awaitUninterruptibly();
                waiting--;
            }
            // A signal meant for a worker that leaves must not be lost.
            changed.signal();
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** Starts another worker in the place of this one, if it is still at this tasklet. */
    boolean replace(Worker worker, Tasklet tasklet) {
        lock.lock();
        try {
            if (closed || worker.retired || worker.current() != tasklet) {
                return false;
            }
            worker.retired = true;
            workers.remove(worker);
            startWorker();
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Gives up the thread that is in a turn of this tasklet, if any. */
    void replaceWorkerOf(Tasklet tasklet) {
        workers.forEach(worker -> replace(worker, tasklet));
    }

    List<Worker> workers() {
        return workers;
    }

    Watchdog watchdog() {
        return watchdog;
    }

    Alarms alarms() {
        return alarms;
    }

    private void startWorker() {
        Worker worker = new Worker(this, "sage-" + environment + "-worker-" + started++);
        workers.add(worker);
        worker.start();
    }
}
