package dev.sage.runtime.dataplane;

import dev.sage.api.MapFunction;
import dev.sage.api.graph.Operator;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Reads from other tasks and calls a function that may block, several records at a time. A record counts as in flight
 * until its result has left, so that slow readers downstream limit the calls as well.
 */
final class AsyncHead extends Head {
    private final OperatorInstance self;
    private final MapFunction<Object, Object> function;
    private final boolean ordered;
    private final int maxInFlight;
    private final BlockingThreads threads;
    private final Tasklet tasklet;
    private final Inputs inputs;
    private final Flow flow;
    private final Stage next;

    private final Set<AsyncCall> running = ConcurrentHashMap.newKeySet();
    /** Ordered: all calls in flight. Unordered: those that have returned. */
    private final Queue<AsyncCall> calls;

    private int inFlight;
    private long ordinal;
    private volatile @Nullable OperatorException failure;

    @SuppressWarnings("unchecked")
    AsyncHead(
            OperatorInstance self,
            Operator.MapAsync operator,
            BlockingThreads threads,
            Tasklet tasklet,
            Inputs inputs,
            Flow flow,
            Stage next) {
        this.self = self;
        this.function = (MapFunction<Object, Object>) operator.function();
        this.ordered = operator.ordered();
        this.maxInFlight = operator.maxInFlight();
        this.threads = threads;
        this.tasklet = tasklet;
        this.inputs = inputs;
        this.flow = flow;
        this.next = next;
        this.calls = ordered ? new ArrayDeque<>() : new ConcurrentLinkedQueue<>();
    }

    @Override
    Step step() {
        while (!flow.mustStop()) {
            OperatorException failed = failure;
            if (failed != null) {
                throw failed;
            }
            if (emitResult()) {
                continue;
            }
            Object value = inFlight < maxInFlight ? inputs.poll() : null;
            if (value == null) {
                return inFlight == 0 && inputs.haveEnded() ? Step.ENDED : Step.DRY;
            }
            call(value);
        }
        return Step.HELD;
    }

    @Override
    boolean holdsRecords() {
        return inFlight > 0;
    }

    private boolean emitResult() {
        AsyncCall first = calls.peek();
        Object result = first == null ? null : first.result;
        if (result == null) {
            return false;
        }
        calls.remove();
        inFlight--;
        next.accept(result);
        return true;
    }

    private void call(Object value) {
        AsyncCall call = new AsyncCall(value, ordinal++);
        inFlight++;
        running.add(call);
        if (ordered) {
            calls.add(call);
        }
        try {
            call.running = threads.submit(() -> apply(call));
        } catch (RejectedExecutionException closed) {
            running.remove(call);
            throw closed;
        }
    }

    /** On a thread of its own. */
    private @Nullable Void apply(AsyncCall call) {
        try {
            Object result = function.apply(call.value);
            if (result == null) {
                throw self.failure("apply", call.ordinal, MapStage.NULL_RESULT);
            }
            call.result = result;
            if (!ordered) {
                calls.add(call);
            }
        } catch (OperatorException wrong) {
            failure = wrong;
        } catch (Throwable thrown) {
            failure = self.failure("apply", call.ordinal, thrown);
        } finally {
            running.remove(call);
            tasklet.wake();
        }
        return null;
    }

    @Override
    boolean close() {
        interrupt();
        return running.isEmpty();
    }

    @Override
    void interrupt() {
        running.forEach(AsyncCall::interrupt);
    }

    @Override
    void abandon() {
        interrupt();
    }
}
