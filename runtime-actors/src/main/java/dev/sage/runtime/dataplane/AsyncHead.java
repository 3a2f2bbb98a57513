package dev.sage.runtime.dataplane;

import dev.sage.api.MapFunction;
import dev.sage.api.graph.Operator;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Reads from other tasks and calls a function that may block, several records at a time. A record counts as in flight
 * until its result has left, so that slow readers downstream limit the calls as well; also while it waits to be tried
 * again.
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
    private final RecordErrors errors;
    private final Stage next;

    private final Set<AsyncCall> running = ConcurrentHashMap.newKeySet();
    /** Ordered: all calls in flight. Unordered: those that have returned. */
    private final Queue<AsyncCall> calls;

    private final Queue<AsyncCall> failed = new ConcurrentLinkedQueue<>();
    private final Queue<AsyncCall> retries = new PriorityQueue<>((a, b) -> Long.signum(a.dueNanos - b.dueNanos));

    private int inFlight;
    private long ordinal;

    @SuppressWarnings("unchecked")
    AsyncHead(
            OperatorInstance self,
            Operator.MapAsync operator,
            BlockingThreads threads,
            Tasklet tasklet,
            Inputs inputs,
            Flow flow,
            RecordErrors errors,
            Stage next) {
        this.self = self;
        this.function = (MapFunction<Object, Object>) operator.function();
        this.ordered = operator.ordered();
        this.maxInFlight = operator.maxInFlight();
        this.threads = threads;
        this.tasklet = tasklet;
        this.inputs = inputs;
        this.flow = flow;
        this.errors = errors;
        this.next = next;
        this.calls = ordered ? new ArrayDeque<>() : new ConcurrentLinkedQueue<>();
    }

    @Override
    Step step() {
        while (!flow.mustStop()) {
            takeFailures();
            submitDue();
            if (emitResult()) {
                continue;
            }
            Object value = inFlight < maxInFlight ? inputs.poll() : null;
            if (value instanceof Unkeyed unkeyed) {
                errors.putAside(unkeyed.letter());
                continue;
            }
            if (value != null) {
                call(value);
                continue;
            }
            AsyncCall retry = retries.peek();
            if (retry != null) {
                tasklet.wakeAt(retry.dueNanos);
            }
            return inFlight == 0 && inputs.haveEnded() ? Step.ENDED : Step.DRY;
        }
        return Step.HELD;
    }

    @Override
    boolean holdsRecords() {
        return inFlight > 0;
    }

    private void takeFailures() {
        for (AsyncCall call = failed.poll(); call != null; call = failed.poll()) {
            OperatorException failure = Objects.requireNonNull(call.failure);
            long nanos = errors.react(call.value, call.ordinal, ++call.failures, failure);
            if (nanos != RecordErrors.SETTLED) {
                call.dueNanos = System.nanoTime() + nanos;
                retries.add(call);
            } else if (ordered) {
                call.dropped = true;
            } else {
                inFlight--;
            }
        }
    }

    private void submitDue() {
        AsyncCall first = retries.peek();
        while (first != null && System.nanoTime() - first.dueNanos >= 0) {
            retries.remove();
            submit(first);
            first = retries.peek();
        }
    }

    /** Whether a record has left, or is known not to. */
    private boolean emitResult() {
        AsyncCall first = calls.peek();
        if (first == null || (first.result == null && !first.dropped)) {
            return false;
        }
        calls.remove();
        inFlight--;
        Object result = first.result;
        if (result != null) {
            next.accept(result);
        }
        return true;
    }

    private void call(Object value) {
        AsyncCall call = new AsyncCall(value, ordinal++);
        inFlight++;
        if (ordered) {
            calls.add(call);
        }
        submit(call);
    }

    private void submit(AsyncCall call) {
        running.add(call);
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
            fail(call, wrong);
        } catch (Throwable thrown) {
            fail(call, self.failure("apply", call.ordinal, thrown));
        } finally {
            running.remove(call);
            tasklet.wake();
        }
        return null;
    }

    private void fail(AsyncCall call, OperatorException failure) {
        call.failure = failure;
        failed.add(call);
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
