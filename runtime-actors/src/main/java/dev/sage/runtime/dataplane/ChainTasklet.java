package dev.sage.runtime.dataplane;

import dev.sage.api.ErrorCounts;
import dev.sage.api.JobFailure;
import dev.sage.api.TaskReport;
import dev.sage.api.graph.Operator;
import dev.sage.api.graph.Vertex;
import dev.sage.runtime.plan.Chain;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One parallel instance of a chain: the loop that moves its records, and its life from start to close.
 *
 * <p>Commands come from any thread and are only noted: a flag, a call for attention, a wake-up. What they mean is
 * decided in the next turn, between two records, by the one thread that then works for this task. So user code never
 * runs on a commander's thread, and no command can come amid a record.
 */
final class ChainTasklet extends Tasklet implements TaskControl {
    private static final Logger log = LoggerFactory.getLogger(ChainTasklet.class);

    private enum Phase {
        /** Waits for its start. */
        NEW,
        /** Takes records. */
        RUNNING,
        /** Has taken the last record, and emits what is left. */
        FINISHING,
        /** Has done everything, and waits to hear whether to commit. */
        ENDED,
        /** Has thrown, and waits to be cancelled. */
        FAILED,
        /** Waits for user code on other threads, then commits or aborts the sinks. */
        CLOSING,
        /** Holds nothing. */
        CLOSED
    }

    private enum Ending {
        NONE,
        COMMIT,
        ABORT
    }

    private final Chain chain;
    private final int instance;
    private final int epoch;
    private final Flow flow;
    private final InterruptGate gate = new InterruptGate();
    /** Of whoever puts the job together. */
    private final @Nullable ClassLoader loader = ContextLoader.current();

    private final List<String> operatorNames;
    private final AtomicReference<@Nullable TaskListener> listener = new AtomicReference<>();

    private volatile @Nullable Pipeline pipeline;
    private volatile boolean paused;
    private volatile boolean stopped;
    private volatile boolean cancelled;
    private volatile Ending ending = Ending.NONE;

    // What a report tells, as of the end of the last turn.
    private volatile long recordsIn;
    private volatile long recordsOut;
    private volatile long bytesRead;
    private volatile long bytesTotal;
    private volatile ErrorCounts errors = ErrorCounts.NONE;

    private Phase phase = Phase.NEW;
    private boolean committing;

    ChainTasklet(TaskletExecutor executor, Chain chain, int instance, int epoch, long quantumNanos) {
        super(executor);
        this.chain = chain;
        this.instance = instance;
        this.epoch = epoch;
        this.flow = new Flow(quantumNanos);
        this.operatorNames =
                new ArrayList<>(chain.vertices().stream().map(Vertex::name).toList());
    }

    /** Before the start. */
    void assemble(JobParts job) {
        pipeline = new PipelineBuilder(job, chain, instance, flow, this, operatorNames).build();
    }

    @Override
    public String name() {
        return chain.taskName() + "/" + instance;
    }

    @Override
    public boolean isSource() {
        return chain.head().operator() instanceof Operator.Source;
    }

    @Override
    public void start(TaskListener owner) {
        if (listener.compareAndSet(null, owner)) {
            command();
        }
    }

    @Override
    public void pause() {
        if (isSource()) {
            paused = true;
            withHead(Head::pause);
            command();
        }
    }

    @Override
    public void resume() {
        if (isSource()) {
            paused = false;
            withHead(Head::resume);
            command();
        }
    }

    @Override
    public void stopSource() {
        if (isSource()) {
            stopped = true;
            withHead(Head::stop);
            command();
        }
    }

    @Override
    public void finish(boolean commit) {
        if (ending == Ending.NONE) {
            ending = commit ? Ending.COMMIT : Ending.ABORT;
            command();
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
        command();
    }

    @Override
    public void interrupt() {
        gate.interrupt();
        withHead(Head::interrupt);
    }

    @Override
    public void abandon() {
        flow.abandon();
        withHead(Head::abandon);
        executor().replaceWorkerOf(this);
        wake();
    }

    @Override
    public TaskReport report() {
        List<String> operators = chain.vertices().stream().map(Vertex::name).toList();
        return new TaskReport(
                chain.taskName(), instance, operators, recordsIn, recordsOut, bytesRead, bytesTotal, errors);
    }

    private void command() {
        flow.callForAttention();
        wake();
    }

    private void withHead(Consumer<Head> command) {
        Pipeline current = pipeline;
        if (current != null) {
            command.accept(current.head());
        }
    }

    @Override
    String holder() {
        return "Operator '" + operatorNames.get(flow.at) + "' (instance " + instance + ")";
    }

    @Override
    Turn turn() {
        gate.enter();
        flow.beginTurn();
        ClassLoader before = ContextLoader.swap(loader);
        try {
            return work();
        } finally {
            ContextLoader.swap(before);
            gate.exit();
        }
    }

    private Turn work() {
        Turn turn = null;
        while (turn == null) {
            flow.heed();
            Pipeline current = pipeline;
            TaskListener owner = listener.get();
            if (current == null || flow.isAbandoned()) {
                pipeline = null;
                return Turn.DONE;
            }
            if (owner == null) {
                return Turn.IDLE;
            }
            turn = step(current, owner);
        }
        publishCounts();
        return turn;
    }

    /** What the phase asks for; null when it is to be looked at again. */
    private @Nullable Turn step(Pipeline current, TaskListener owner) {
        if (cancelled && phase.compareTo(Phase.CLOSING) < 0) {
            phase = Phase.CLOSING;
        }
        try {
            return switch (phase) {
                case NEW -> open(current, owner);
                case RUNNING -> run(current);
                case FINISHING -> finish(current, owner);
                case ENDED -> awaitEnding();
                case FAILED -> Turn.IDLE;
                case CLOSING -> close(current, owner);
                case CLOSED -> Turn.DONE;
            };
        } catch (AbandonedException ended) {
            return null;
        } catch (OperatorException failure) {
            return fail(owner, failure.failure());
        } catch (Throwable failure) {
            return fail(
                    owner,
                    new JobFailure(
                            JobFailure.Origin.RUNTIME,
                            chain.taskName(),
                            instance,
                            OptionalLong.empty(),
                            "run",
                            Optional.of(failure),
                            failure.toString()));
        }
    }

    private @Nullable Turn open(Pipeline current, TaskListener owner) {
        current.open();
        phase = Phase.RUNNING;
        tell(owner, TaskListener::started);
        return null;
    }

    private @Nullable Turn run(Pipeline current) {
        if (!current.drain()) {
            return hold(current);
        }
        if (paused && !stopped) {
            current.flush();
            return Turn.IDLE;
        }
        switch (current.head().step()) {
            case HELD -> {
                return flow.isTurnOver() ? hold(current) : null;
            }
            case DRY -> {
                current.flush();
                return current.sendProbe() ? null : Turn.IDLE;
            }
            case ENDED -> phase = Phase.FINISHING;
        }
        return null;
    }

    private @Nullable Turn finish(Pipeline current, TaskListener owner) {
        if (!current.finish()) {
            return hold(current);
        }
        current.end(epoch);
        current.prepare();
        phase = Phase.ENDED;
        tell(owner, TaskListener::ended);
        return null;
    }

    private @Nullable Turn hold(Pipeline current) {
        if (flow.parked > 0) {
            current.flushDrained();
            return Turn.IDLE;
        }
        if (flow.waiting > 0) {
            current.flush();
            return Turn.IDLE;
        }
        if (flow.isTurnOver()) {
            current.flushDrained();
            return Turn.AGAIN;
        }
        return null;
    }

    private @Nullable Turn awaitEnding() {
        if (ending == Ending.NONE) {
            return Turn.IDLE;
        }
        committing = ending == Ending.COMMIT;
        phase = Phase.CLOSING;
        return null;
    }

    private Turn close(Pipeline current, TaskListener owner) {
        if (!current.head().close()) {
            return Turn.IDLE;
        }
        return closed(owner, current.closeSinks(committing));
    }

    private Turn closed(TaskListener owner, Optional<JobFailure> failure) {
        phase = Phase.CLOSED;
        publishCounts();
        pipeline = null;
        tell(owner, told -> told.closed(failure));
        return Turn.DONE;
    }

    private @Nullable Turn fail(TaskListener owner, JobFailure failure) {
        if (flow.isAbandoned()) {
            return null;
        }
        if (phase == Phase.CLOSING) {
            return closed(owner, Optional.of(failure));
        }
        phase = Phase.FAILED;
        // What throws after a cancel is most often what the cancel broke.
        if (!cancelled) {
            tell(owner, told -> told.failed(failure));
        }
        return null;
    }

    private void tell(TaskListener owner, Consumer<TaskListener> news) {
        publishCounts();
        try {
            news.accept(owner);
        } catch (Throwable broken) {
            log.error("The owner of task {} threw when it was told of the task's progress.", name(), broken);
        }
    }

    private void publishCounts() {
        recordsIn = flow.taken;
        recordsOut = flow.sent;
        errors = flow.errors();
        withHead(head -> {
            bytesRead = head.bytesRead();
            bytesTotal = head.bytesTotal();
        });
    }
}
