package dev.sage.runtime.ray;

import dev.sage.api.RayPool;
import dev.sage.api.SageException;
import dev.sage.runtime.dataplane.BlockingCall;
import dev.sage.runtime.dataplane.BlockingThreads;
import dev.sage.runtime.dataplane.RemotePool;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The actors of one instance of an operator. A batch goes to the one that has least to do; with one actor they stay in their
 * order. What an actor had when it died is repeated, in the same order, by the others or by the one that takes its place.
 */
final class ActorPool implements RemotePool {
    private final RayActors actors;
    private final RaySettings settings;
    private final BlockingThreads threads;
    private final String job;
    private final String operator;
    private final RayPool pool;
    private final ActorTask task;
    private final @Nullable ClassLoader classes = Thread.currentThread().getContextClassLoader();
    private final List<Seat> seats = new ArrayList<>();
    /** That a new actor takes the place of a dead one. */
    private final List<BlockingCall<?>> replacing = new ArrayList<>();

    private final Queue<Work> waiting = new PriorityQueue<>(Comparator.comparingLong(Work::number));
    private long last;
    private int restarts;
    private @Nullable Throwable broken;
    private volatile boolean closed;

    /** The place of one actor; a new one when it is replaced. */
    private static final class Seat {
        @Nullable
        HeldActor actor;

        int underWay;
    }

    /** A batch; {@code records} is empty for the call at the end. */
    private record Work(
            long number, String method, List<Object> records, List<List<@Nullable Object>> arguments, Answer answer) {}

    ActorPool(
            RayActors actors,
            RaySettings settings,
            BlockingThreads threads,
            String job,
            String operator,
            RayPool pool,
            ActorTask task) {
        this.actors = actors;
        this.settings = settings;
        this.threads = threads;
        this.job = job;
        this.operator = operator;
        this.pool = pool;
        this.task = task;
    }

    @Override
    public int batches() {
        return pool.actors() * settings.callsPerActor();
    }

    @Override
    public int batchRecords() {
        return pool.batch().orElse(settings.batchRecords());
    }

    @Override
    public boolean hasEnd() {
        return task.end().isPresent();
    }

    @Override
    public void open() throws Exception {
        List<BlockingCall<Seat>> making = new ArrayList<>();
        for (int i = 0; i < pool.actors(); i++) {
            making.add(threads.submit(() -> taken(new Seat())));
        }
        CompletableFuture<?> all = CompletableFuture.allOf(
                making.stream().map(call -> call.result().toCompletableFuture()).toArray(CompletableFuture<?>[]::new));
        try {
            all.get();
        } catch (InterruptedException given) {
            making.forEach(BlockingCall::interrupt);
            awaitEnd(all);
            throw given;
        } catch (ExecutionException failed) {
            making.forEach(BlockingCall::interrupt);
            awaitEnd(all);
            throw cause(failed) instanceof Exception exception ? exception : failed;
        }
    }

    /** What is being made is not left alone. */
    private static void awaitEnd(CompletableFuture<?> all) {
        try {
            all.handle((done, failed) -> true).get(RaySettings.GRACE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException again) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException late) {
            // Its job releases by name what comes of it.
        }
    }

    /** Blocks. */
    private Seat taken(Seat seat) throws InterruptedException {
        HeldActor made = actors.make(
                job,
                operator,
                new ActorSpec(
                        operator,
                        pool.code(),
                        pool.arguments(),
                        pool.needs(),
                        1,
                        classes,
                        false,
                        settings.startWithin()),
                () -> !closed);
        synchronized (this) {
            seat.actor = made;
            if (!seats.contains(seat)) {
                seats.add(seat);
            }
            dispatch();
        }
        actor(made).death().thenAccept(cause -> died(seat, cause));
        return seat;
    }

    private static RayActor actor(HeldActor made) {
        return made.actor().orElseThrow(() -> new IllegalStateException(made.label + " was not made."));
    }

    @Override
    public void call(List<Object> records, Answer answer) {
        List<List<@Nullable Object>> arguments = new ArrayList<>(records.size());
        try {
            for (Object value : records) {
                arguments.add(task.arguments(value));
            }
        } catch (Exception impure) {
            answer.failed(impure);
            return;
        }
        add(task.method, records, arguments, answer);
    }

    @Override
    public void end(Answer answer) {
        add(task.end().orElseThrow(), List.of(), List.of(List.of()), answer);
    }

    private synchronized void add(
            String method, List<Object> records, List<List<@Nullable Object>> arguments, Answer answer) {
        if (broken != null) {
            answer.failed(broken);
        } else if (!closed) {
            waiting.add(new Work(last++, method, records, arguments, answer));
            dispatch();
        }
    }

    private synchronized void dispatch() {
        while (!closed && !waiting.isEmpty()) {
            Seat free = seats.stream()
                    .filter(seat -> seat.actor != null && seat.underWay < settings.callsPerActor())
                    .min(Comparator.comparingInt(seat -> seat.underWay))
                    .orElse(null);
            if (free == null || free.actor == null) {
                return;
            }
            free.underWay++;
            send(free, actor(free.actor), waiting.remove());
        }
    }

    private void send(Seat seat, RayActor actor, Work work) {
        RayBatch batch = new RayBatch(work.method(), work.arguments(), task.answer(), settings.batchWithin());
        actor.call(batch).whenComplete((outcomes, failed) -> {
            if (failed == null) {
                answered(seat, work, outcomes);
            } else {
                notAnswered(seat, work, cause(failed));
            }
        });
    }

    private void answered(Seat seat, Work work, List<RayBatch.Outcome> given) {
        List<Outcome> outcomes = new ArrayList<>(given.size());
        for (int i = 0; i < given.size(); i++) {
            Throwable thrown = given.get(i).thrown();
            Object value =
                    work.records().isEmpty() ? work.method() : work.records().get(i);
            outcomes.add(thrown == null ? task.outcome(value, given.get(i).value()) : Outcome.failed(thrown));
        }
        synchronized (this) {
            seat.underWay--;
            if (!closed) {
                work.answer().outcomes(outcomes);
            }
            dispatch();
        }
    }

    private synchronized void notAnswered(Seat seat, Work work, Throwable cause) {
        seat.underWay--;
        if (closed) {
            return;
        }
        if (!(cause instanceof SageException sage) || !sage.code().equals("ray.actor-died")) {
            work.answer().failed(cause);
            dispatch();
            return;
        }
        died(seat, cause);
        if (broken != null) {
            work.answer().failed(broken);
        } else {
            waiting.add(work);
            dispatch();
        }
    }

    /** Whoever notices it first has it replaced. */
    private synchronized void died(Seat seat, Throwable cause) {
        HeldActor dead = seat.actor;
        if (closed || broken != null || dead == null || !seats.remove(seat)) {
            return;
        }
        int allowed = pool.maxRestarts().orElse(task.usualRestarts());
        if (restarts == allowed) {
            breakDown(new SageException(
                    "ray.actor-died",
                    "Actor " + actor(dead).name() + " of operator '" + operator + "' died"
                            + (allowed == 0 ? "" : ", after " + allowed + " others that were replaced") + ": "
                            + cause.getMessage() + ". Raise maxRestarts(…) of the pool if it may be replaced.",
                    cause));
            return;
        }
        restarts++;
        replacing.removeIf(BlockingCall::hasEnded);
        replacing.add(threads.submit(() -> replaced(dead)));
    }

    /** Blocks. */
    private @Nullable Void replaced(HeldActor dead) {
        try {
            actors.endEarly(dead);
            taken(new Seat());
        } catch (Throwable failed) {
            breakDown(failed);
        }
        return null;
    }

    private synchronized void breakDown(Throwable cause) {
        if (broken == null && !closed) {
            broken = cause;
            waiting.forEach(work -> work.answer().failed(cause));
            waiting.clear();
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        waiting.clear();
        replacing.forEach(BlockingCall::interrupt);
    }

    private static Throwable cause(Throwable failed) {
        Throwable cause = failed;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
