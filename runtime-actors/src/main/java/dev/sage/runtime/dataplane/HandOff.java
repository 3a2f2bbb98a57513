package dev.sage.runtime.dataplane;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Between the thread of a user-written source and its task: a bounded queue, and the gate that decides whether the
 * function may be called again. When the queue is full, that thread alone waits.
 *
 * <p>The function's thread is interrupted only by {@link #stop} and only while it is inside the function, which one
 * lock decides: it is never interrupted while it waits here or hands a record over, so no record is lost by a stop.
 */
final class HandOff {
    private final int capacity;
    private final Tasklet consumer;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    private Queue<Object> filling = new ArrayDeque<>();
    private @Nullable BlockingCall<?> caller;
    private boolean inFunction;
    private boolean paused;
    private boolean stopped;
    private boolean dropping;
    private boolean ended;
    private @Nullable OperatorException failure;

    HandOff(int capacity, Tasklet consumer) {
        this.capacity = capacity;
        this.consumer = consumer;
    }

    /** Starts the function's thread, which waits for this to return before it does anything. */
    void start(Supplier<BlockingCall<?>> starter) {
        lock.lock();
        try {
            caller = starter.get();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the function may be called; false when it may not any more. For the function's thread. */
    boolean enterFunction() {
        lock.lock();
        try {
            while (!stopped && (paused || filling.size() >= capacity)) {
                changed.awaitUninterruptibly();
            }
            inFunction = !stopped;
            return inFunction;
        } finally {
            lock.unlock();
        }
    }

    /** The function has returned. Takes back an interrupt that was meant for it. For the function's thread. */
    void leaveFunction() {
        lock.lock();
        try {
            inFunction = false;
            Thread.interrupted();
        } finally {
            lock.unlock();
        }
    }

    /** For the function's thread. */
    void put(Object value) {
        lock.lock();
        try {
            if (!dropping && filling.add(value) && filling.size() == 1) {
                consumer.wake();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits, unless somebody stops or pauses the source meanwhile. For the function's thread. */
    void rest(long nanos) {
        lock.lock();
        try {
            long left = nanos;
            while (left > 0 && !stopped && !paused) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException ending) {
            // Only the end of all blocking threads interrupts here, and that stops the source as well.
            stopped = true;
        } finally {
            lock.unlock();
        }
    }

    /** No more records follow. For the function's thread. */
    void end(@Nullable OperatorException reason) {
        lock.lock();
        try {
            ended = true;
            failure = reason;
            consumer.wake();
        } finally {
            lock.unlock();
        }
    }

    /** Takes all records for an empty queue; null when there are none. For the task. */
    @Nullable
    Queue<Object> take(Queue<Object> empty) {
        lock.lock();
        try {
            if (filling.isEmpty()) {
                return null;
            }
            Queue<Object> filled = filling;
            filling = empty;
            changed.signalAll();
            return filled;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the function's thread is done with everything. Throws what the function threw. For the task. */
    boolean hasEnded() {
        lock.lock();
        try {
            if (failure != null && !dropping) {
                throw failure;
            }
            return filling.isEmpty() && (ended || (caller == null && stopped));
        } finally {
            lock.unlock();
        }
    }

    boolean isStopped() {
        lock.lock();
        try {
            return stopped;
        } finally {
            lock.unlock();
        }
    }

    void pause(boolean pause) {
        lock.lock();
        try {
            paused = pause;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the source; the function is interrupted if it runs, for one that waits for input ends in no other way. */
    void stop(boolean drop) {
        lock.lock();
        try {
            stopped = true;
            dropping |= drop;
            if (drop) {
                filling.clear();
            }
            changed.signalAll();
            interrupt();
        } finally {
            lock.unlock();
        }
    }

    void interrupt() {
        lock.lock();
        try {
            if (inFunction && caller != null) {
                caller.interrupt();
            }
        } finally {
            lock.unlock();
        }
    }
}
