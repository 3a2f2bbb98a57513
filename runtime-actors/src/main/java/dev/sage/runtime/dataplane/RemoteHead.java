package dev.sage.runtime.dataplane;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Reads from other tasks and has the records worked on elsewhere, many in one message. A batch is sent when it is full, or
 * when the input runs dry: large under load, at once when idle. It counts as under way until its last result has left, so
 * that slow readers downstream limit the calls as well. Results keep the order of the records.
 */
final class RemoteHead extends Head {
    private final OperatorInstance self;
    private final RemotePool pool;
    private final BlockingThreads threads;
    private final Tasklet tasklet;
    private final Inputs inputs;
    private final Flow flow;
    private final RecordErrors errors;
    private final Stage next;
    private final int maxBatches;
    private final int maxRecords;

    private final Queue<RemoteBatch> batches = new ArrayDeque<>();
    private List<Object> filling = new ArrayList<>();
    private long ordinal;
    private boolean endCalled;
    private @Nullable BlockingCall<?> opening;
    private volatile boolean opened;
    private volatile @Nullable Throwable broken;

    RemoteHead(
            OperatorInstance self,
            RemotePool pool,
            BlockingThreads threads,
            Tasklet tasklet,
            Inputs inputs,
            Flow flow,
            RecordErrors errors,
            Stage next) {
        this.self = self;
        this.pool = pool;
        this.threads = threads;
        this.tasklet = tasklet;
        this.inputs = inputs;
        this.flow = flow;
        this.errors = errors;
        this.next = next;
        this.maxBatches = pool.batches();
        this.maxRecords = pool.batchRecords();
    }

    @Override
    void open() {
        BlockingCall<?> call = threads.submit(() -> {
            pool.open();
            return true;
        });
        opening = call;
        // Only once the call has ended, for that is what a close() waits for.
        call.result().whenComplete((done, thrown) -> {
            broken = thrown;
            opened = thrown == null;
            tasklet.wake();
        });
    }

    @Override
    Step step() {
        while (!flow.mustStop()) {
            throwIfBroken();
            if (emit() || take() || send()) {
                continue;
            }
            if (!inputs.haveEnded() || holdsRecords()) {
                return Step.DRY;
            }
            if (endCalled || !pool.hasEnd()) {
                return Step.ENDED;
            }
            if (!opened) {
                return Step.DRY;
            }
            callEnd();
        }
        return Step.HELD;
    }

    private void throwIfBroken() {
        Throwable cause = broken;
        if (cause != null) {
            throw self.failure("open", cause);
        }
    }

    /** Whether something has left, or is known not to. */
    private boolean emit() {
        RemoteBatch first = batches.peek();
        if (first == null) {
            return false;
        }
        Throwable failure = first.failure();
        if (failure != null) {
            throw self.failure("apply", failure);
        }
        if (first.hasLeft()) {
            batches.remove();
            return true;
        }
        RemotePool.Outcome outcome = first.outcome();
        if (outcome == null) {
            return first.due && tryAgain(first);
        }
        Throwable thrown = outcome.thrown();
        if (thrown != null) {
            react(first, thrown);
        } else if (first.emitted < outcome.results().size()) {
            next.accept(outcome.results().get(first.emitted++));
        } else {
            first.next();
        }
        return true;
    }

    private void react(RemoteBatch batch, Throwable thrown) {
        if (batch.records.isEmpty()) {
            throw self.failure("end", thrown);
        }
        long at = batch.ordinal + batch.at;
        long nanos = errors.react(batch.records.get(batch.at), at, ++batch.failures, self.failure("apply", at, thrown));
        if (nanos == RecordErrors.SETTLED) {
            batch.next();
        } else {
            batch.tryAgain(System.nanoTime() + nanos);
        }
    }

    private boolean tryAgain(RemoteBatch batch) {
        if (System.nanoTime() - batch.dueNanos < 0) {
            tasklet.wakeAt(batch.dueNanos);
            return false;
        }
        batch.due = false;
        pool.call(List.of(batch.records.get(batch.at)), batch.answerOfOne(tasklet::wake));
        return true;
    }

    /** Whether there was another record. */
    private boolean take() {
        if (filling.size() == maxRecords) {
            return false;
        }
        Object value = inputs.poll();
        if (value instanceof Unkeyed unkeyed) {
            errors.putAside(unkeyed.letter());
        } else if (value != null) {
            filling.add(value);
        }
        return value != null;
    }

    private boolean send() {
        if (filling.isEmpty() || !opened || batches.size() == maxBatches) {
            return false;
        }
        RemoteBatch batch = new RemoteBatch(filling, ordinal);
        ordinal += filling.size();
        filling = new ArrayList<>();
        batches.add(batch);
        pool.call(batch.records, batch.answer(tasklet::wake));
        return true;
    }

    private void callEnd() {
        endCalled = true;
        RemoteBatch end = new RemoteBatch(List.of(), ordinal);
        batches.add(end);
        pool.end(end.answer(tasklet::wake));
    }

    @Override
    boolean holdsRecords() {
        return !batches.isEmpty() || !filling.isEmpty();
    }

    /** What runs elsewhere ends with the job; only what is being made there is waited for. */
    @Override
    boolean close() {
        pool.close();
        interrupt();
        BlockingCall<?> call = opening;
        return call == null || call.hasEnded();
    }

    @Override
    void interrupt() {
        BlockingCall<?> call = opening;
        if (call != null) {
            call.interrupt();
        }
    }

    @Override
    void abandon() {
        pool.close();
        interrupt();
    }
}
