package dev.sage.runtime.dataplane;

import dev.sage.api.Next;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A source that the user has written. Its function runs on a thread of its own, because it may block, and hands its
 * records over.
 */
final class FunctionHead extends Head {
    private static final long LONGEST_REST_NANOS = Duration.ofDays(365).toNanos();

    private final OperatorInstance self;
    private final Callable<? extends Next<?>> function;
    private final BlockingThreads threads;
    private final HandOff handOff;
    private final Flow flow;
    private final Stage next;
    /** Whether it ends by itself once it was interrupted, however long that takes; a second interrupt would hurry it. */
    private final boolean interruptedOnce;

    private Queue<Object> taken = new ArrayDeque<>();
    private boolean running;

    FunctionHead(
            OperatorInstance self,
            Callable<? extends Next<?>> function,
            BlockingThreads threads,
            HandOff handOff,
            boolean interruptedOnce,
            Flow flow,
            Stage next) {
        this.self = self;
        this.function = function;
        this.threads = threads;
        this.handOff = handOff;
        this.interruptedOnce = interruptedOnce;
        this.flow = flow;
        this.next = next;
    }

    @Override
    Step step() {
        if (!running && !handOff.isStopped()) {
            handOff.start(() -> threads.submit(this::callFunction));
            running = true;
        }
        while (!flow.mustStop()) {
            Object value = poll();
            if (value == null) {
                return handOff.hasEnded() ? Step.ENDED : Step.DRY;
            }
            flow.taken++;
            next.accept(value);
        }
        return Step.HELD;
    }

    private @Nullable Object poll() {
        Object value = taken.poll();
        if (value == null) {
            Queue<Object> more = handOff.take(taken);
            if (more != null) {
                taken = more;
                value = taken.poll();
            }
        }
        return value;
    }

    @Override
    boolean close() {
        taken.clear();
        handOff.stop(true);
        return !running || handOff.hasEnded();
    }

    @Override
    void stop() {
        handOff.stop(false);
    }

    @Override
    void pause() {
        handOff.pause(true);
    }

    @Override
    void resume() {
        handOff.pause(false);
    }

    @Override
    void interrupt() {
        if (!interruptedOnce) {
            handOff.interrupt();
        }
    }

    @Override
    void abandon() {
        handOff.stop(true);
    }

    /** The life of the function's thread. */
    private @Nullable Void callFunction() {
        OperatorException failure = null;
        long ordinal = 0;
        try {
            while (handOff.enterFunction()) {
                Next<?> answer;
                try {
                    answer = function.call();
                } finally {
                    handOff.leaveFunction();
                }
                if (answer instanceof Next.Value<?> record && record.value() != null) {
                    ordinal++;
                    handOff.put(record.value());
                } else if (answer instanceof Next.Nothing<?> nothing) {
                    handOff.rest(nanos(nothing.time()));
                } else if (answer instanceof Next.End<?>) {
                    break;
                } else {
                    throw self.failure(
                            "next",
                            ordinal,
                            "the function returned " + answer + "; answer Next.of a record that is not null,"
                                    + " Next.nothingFor(…) or Next.end().");
                }
            }
        } catch (OperatorException wrong) {
            failure = wrong;
        } catch (Throwable thrown) {
            if (!(handOff.isStopped() && isInterruption(thrown))) {
                failure = self.failure("next", ordinal, thrown);
            }
        } finally {
            handOff.end(failure);
        }
        return null;
    }

    private static long nanos(Duration time) {
        return time.compareTo(Duration.ofNanos(LONGEST_REST_NANOS)) > 0 ? LONGEST_REST_NANOS : time.toNanos();
    }

    private static boolean isInterruption(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof InterruptedException
                    || cause instanceof InterruptedIOException
                    || cause instanceof ClosedByInterruptException) {
                return true;
            }
        }
        return false;
    }
}
