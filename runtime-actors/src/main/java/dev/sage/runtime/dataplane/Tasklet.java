package dev.sage.runtime.dataplane;

import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Something that runs now and then on a {@link TaskletExecutor}, never on two threads at once. Between two turns it
 * holds no thread; {@link #wake} asks for another turn.
 *
 * <p>No wake-up is lost: one that comes while a turn runs is answered by another turn, for the turn that runs may
 * already have looked for what it was woken for.
 */
abstract class Tasklet {
    /** What a turn came to. */
    enum Turn {
        /** There is more to do; others have their turn first. */
        AGAIN,
        /** There is nothing to do until it is woken. */
        IDLE,
        /** There will be nothing to do. */
        DONE
    }

    private enum Schedule {
        /** Waits for {@link #wake}. */
        IDLE,
        /** Is in the queue, once. */
        QUEUED,
        /** A thread is in its turn. */
        RUNNING,
        /** As RUNNING, and another turn was asked for. */
        RUNNING_WOKEN,
        /** Has no more turns. */
        DONE
    }

    private final TaskletExecutor executor;
    private final AtomicReference<Schedule> schedule = new AtomicReference<>(Schedule.IDLE);
    private boolean hasHeld;
    private @Nullable Future<?> alarm;

    Tasklet(TaskletExecutor executor) {
        this.executor = executor;
    }

    /** Works until there is nothing to do, or for about the quantum. Must not throw. */
    abstract Turn turn();

    /** Whose code has the thread, for people. Called by another thread while a turn runs. */
    abstract String holder();

    /** Asks for a turn; from any thread. */
    final void wake() {
        if (schedule.compareAndSet(Schedule.IDLE, Schedule.QUEUED)) {
            executor.enqueue(this);
        } else if (!schedule.compareAndSet(Schedule.RUNNING, Schedule.RUNNING_WOKEN)
                && schedule.get() == Schedule.IDLE) {
            // It ended its turn between the two.
            wake();
        }
    }

    /**
     * Asks for a turn at a time, as {@link System#nanoTime} tells it, in place of the last such time. From a turn only: an
     * earlier turn may take the alarm for due and must ask again.
     */
    final void wakeAt(long nanoTime) {
        dropAlarm();
        alarm = executor.alarms().wakeAfter(this, nanoTime - System.nanoTime());
    }

    private void dropAlarm() {
        Future<?> set = alarm;
        if (set != null) {
            set.cancel(false);
            alarm = null;
        }
    }

    /** Called by the thread that took this from the queue. */
    final void runTurn() {
        schedule.set(Schedule.RUNNING);
        Turn turn = turn();
        if (turn == Turn.DONE) {
            dropAlarm();
            schedule.set(Schedule.DONE);
        } else if (turn == Turn.AGAIN || !schedule.compareAndSet(Schedule.RUNNING, Schedule.IDLE)) {
            schedule.set(Schedule.QUEUED);
            executor.enqueue(this);
        }
    }

    /** Whether this is the first time that a turn of it took too long; for the watchdog's thread. */
    final boolean isFirstHold() {
        boolean first = !hasHeld;
        hasHeld = true;
        return first;
    }

    final TaskletExecutor executor() {
        return executor;
    }
}
