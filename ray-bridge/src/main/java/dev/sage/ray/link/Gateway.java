package dev.sage.ray.link;

import dev.sage.ray.wire.ActorSpec;
import dev.sage.ray.wire.EnvelopeException;
import dev.sage.ray.wire.Failure.Kind;
import dev.sage.ray.wire.Frame;
import dev.sage.ray.wire.Invocation;
import dev.sage.ray.wire.Message;
import dev.sage.ray.wire.Message.ActorState;
import dev.sage.ray.wire.Message.CleanUp;
import dev.sage.ray.wire.Message.ReapedActor;
import dev.sage.ray.wire.Reply;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A running Ray gateway: a child process that is in a Ray cluster. All methods but {@link #start} and {@link #close} return
 * at once and may be called from any thread; their stages are completed on the thread that reads from the gateway, which
 * must not block, or exceptionally with a {@link RayCallException}. When the gateway is gone, all that wait fail at once
 * with {@code ray.gateway-lost}; its non-detached actors are removed by Ray. It is not started again from here.
 */
public final class Gateway implements AutoCloseable {
    private final GatewayOptions options;
    private final Clock clock;
    private final GatewayProcess process;
    private final GatewaySocket socket;
    private final Waiting waiting;
    private final CompletableFuture<String> ended = new CompletableFuture<>();
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final BiConsumer<String, String> onDeath;
    private volatile boolean closing;
    private volatile @Nullable String clusterLost;

    private Gateway(
            GatewayOptions options,
            Clock clock,
            BiConsumer<String, String> onDeath,
            GatewayProcess process,
            GatewaySocket socket) {
        this.onDeath = onDeath;
        this.options = options;
        this.clock = clock;
        this.process = process;
        this.socket = socket;
        this.waiting = new Waiting(options.maxWaitingRequests(), socket::wakeUp);
    }

    /**
     * Starts the process and waits until it is in the cluster, 2 to 5 s, at most the start timeout.
     *
     * @param clock for the deadlines of calls, which the actors' machines compare with their own
     * @param onDeath is told the name of an actor that was made or attached here, and why it is dead, when it has died by itself and Ray
     *     does not restart it; on the thread that reads from the gateway
     * @throws RayCallException {@code ray.gateway-lost} with the last words of the process when it could not join, {@code
     *     ray.timeout} when it did not in time; no process is left then
     */
    public static Gateway start(GatewayOptions options, Clock clock, BiConsumer<String, String> onDeath) {
        return start(options, clock, onDeath, new CompletableFuture<>());
    }

    /**
     * As the other one.
     *
     * @param clusterLost completed with the reason when the cluster is no more; the gateway is ended then, at any time, as by
     *     itself it would wait for the cluster for a minute
     */
    public static Gateway start(
            GatewayOptions options,
            Clock clock,
            BiConsumer<String, String> onDeath,
            CompletionStage<String> clusterLost) {
        Instant end = clock.instant().plus(options.startTimeout());
        GatewayStart start = GatewayStart.begin(options);
        Gateway gateway = new Gateway(options, clock, onDeath, start.process(), start.socket());
        clusterLost.thenAccept(gateway::abandon);
        Thread reader = new Thread(
                gateway::follow, "sage-ray-gateway-" + start.process().process().pid());
        reader.setDaemon(true);
        reader.start();
        gateway.awaitReady(Duration.between(clock.instant(), end));
        return gateway;
    }

    private void awaitReady(Duration left) {
        try {
            CompletableFuture.anyOf(ready, ended).get(Math.max(1, left.toMillis()), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            process.process().destroyForcibly();
            throw new RayCallException(
                    Kind.TIMEOUT,
                    "The gateway was not in the Ray cluster at " + options.address() + " within "
                            + options.startTimeout() + ": " + process.lastWords());
        } catch (InterruptedException e) {
            process.process().destroyForcibly();
            Thread.currentThread().interrupt();
            throw new RayCallException(Kind.TIMEOUT, "The start of the gateway was interrupted.");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
        if (!ready.isDone()) {
            throw new RayCallException(Kind.GATEWAY_LOST, ended.join());
        }
    }

    private void abandon(String why) {
        clusterLost = why;
        process.process().destroyForcibly();
    }

    private void follow() {
        String problem = socket.follow(this::receive, waiting::expire);
        if (!closing && !problem.isEmpty()) {
            process.process().destroyForcibly();
        }
        String told = cause(problem);
        // First, for whoever hears of a request that failed turns to another gateway if this one has ended.
        ended.complete(told);
        waiting.fail(new RayCallException(Kind.GATEWAY_LOST, told));
    }

    private String cause(String problem) {
        String lost = clusterLost;
        if (lost != null) {
            return lost;
        }
        return closing
                ? "The gateway of Ray was closed."
                : "The gateway of the Ray cluster at " + options.address() + " is gone"
                        + (problem.isEmpty() ? "" : " (" + problem + ")") + ": " + process.lastWords();
    }

    private void receive(Frame frame) {
        if (frame.message() instanceof Message.Ready) {
            ready.complete(null);
        } else if (frame.message() instanceof Message.Died died) {
            onDeath.accept(died.actor(), died.reason());
        } else if (frame.message() instanceof Message.Answer answer) {
            waiting.answered(frame.request(), answer);
        }
    }

    /** Completes when the gateway is gone, with the reason, whoever ended it. */
    public CompletionStage<String> ended() {
        return ended.minimalCompletionStage();
    }

    /** Of the process. */
    public long pid() {
        return process.process().pid();
    }

    /**
     * Makes an actor; completes when its object is made. It fails with {@code ray.start} when the user's code could not be
     * loaded or its constructor threw, and with {@code ray.timeout} when it was not made in time, as when the cluster has no
     * room; there is no such actor then.
     */
    public CompletionStage<Void> create(ActorSpec spec, Duration timeout) {
        return asked(new Message.Create(spec, timeout.toMillis())).thenAccept(done -> {});
    }

    /**
     * Makes an actor of this namespace callable that lives on from before this gateway, and has its death told; it fails
     * with {@code ray.no-actor}.
     *
     * @param concurrency that it was made with
     */
    public CompletionStage<Void> attach(String actor, int concurrency) {
        return asked(new Message.Attach(actor, concurrency)).thenAccept(done -> {});
    }

    /**
     * Calls a method. Calls of one actor begin in the order of these calls.
     *
     * @param payload the arguments, a list; {@link dev.sage.ray.wire.Envelope} or {@link dev.sage.ray.wire.JavaObjects}
     * @param deadline after which the stage fails with {@code ray.timeout}; a call that has not begun by then never does
     * @return what the method returned, as a payload of the same codec
     */
    public CompletionStage<byte[]> call(String actor, String method, byte[] payload, Duration deadline) {
        return reply(actor, Invocation.Kind.ONE, method, payload, deadline).thenApply(reply -> value(reply));
    }

    /**
     * Calls a method once for each record, in their order.
     *
     * @param payload a list of records, or of lists of arguments
     * @param spread whether each record is a list of arguments
     * @return {@link Reply.Value} with a list of as many results, or {@link Reply.Partial} when some failed; all were tried
     */
    public CompletionStage<Reply> callBatch(
            String actor, String method, byte[] payload, boolean spread, Duration deadline) {
        Invocation.Kind kind = spread ? Invocation.Kind.EACH_SPREAD : Invocation.Kind.EACH;
        return reply(actor, kind, method, payload, deadline);
    }

    private CompletableFuture<Reply> reply(
            String actor, Invocation.Kind kind, String method, byte[] payload, Duration deadline) {
        byte[] body =
                new Invocation(kind, method, clock.instant().plus(deadline).toEpochMilli(), payload).written();
        Supplier<RayCallException> late = () -> new RayCallException(
                Kind.TIMEOUT, method + "(…) of Ray actor " + actor + " did not answer within " + deadline + ".");
        return asked(new Message.Call(actor, body), () -> waiting.add(deadline, late))
                .thenApply(answer -> read(((Message.Done) answer).reply()));
    }

    private static Reply read(byte[] bytes) {
        Reply reply;
        try {
            reply = Reply.read(bytes);
        } catch (EnvelopeException e) {
            throw new RayCallException(Kind.RAY, "The answer of the Ray actor cannot be read: " + e.getMessage());
        }
        if (reply instanceof Reply.Failed failed) {
            throw new RayCallException(failed.failure());
        }
        return reply;
    }

    private static byte[] value(Reply reply) {
        if (reply instanceof Reply.Value value) {
            return value.payload();
        }
        throw new RayCallException(Kind.RAY, "The Ray actor answered a call as if it were a batch.");
    }

    /**
     * Has the actor clean up, and kills it whatever came of that. Of an actor that is gone already the clean-up was not run,
     * and it is killed.
     *
     * @param timeout for both together
     */
    public CompletionStage<CleanUp> cleanUpAndKill(String actor, Duration timeout) {
        return asked(new Message.CleanUpAndKill(actor, timeout.toMillis()))
                .thenApply(answer -> ((Message.Cleaned) answer).result());
    }

    /** The actors of our namespace that are not dead, whoever made them. */
    public CompletionStage<List<ActorState>> list() {
        return asked(new Message.ListActors()).thenApply(answer -> ((Message.Actors) answer).actors());
    }

    /** Kills actors of our namespace by name, all at once, without asking them; one that is not there is gone. */
    public CompletionStage<List<ReapedActor>> reap(List<String> actors, Duration timeout) {
        return asked(new Message.Reap(actors, timeout.toMillis()))
                .thenApply(answer -> ((Message.Reaped) answer).actors());
    }

    /** Completes when the gateway itself has answered. */
    public CompletionStage<Void> ping() {
        return asked(new Message.Ping()).thenAccept(done -> {});
    }

    private CompletableFuture<Message.Answer> asked(Message.Request request) {
        return asked(request, waiting::add);
    }

    private CompletableFuture<Message.Answer> asked(Message.Request request, Supplier<Waiting.Entry> added) {
        Waiting.Entry entry;
        try {
            entry = added.get();
        } catch (RayCallException refused) {
            return CompletableFuture.failedFuture(refused);
        }
        try {
            socket.send(new Frame(entry.number(), request));
        } catch (RayCallException refused) {
            waiting.remove(entry.number());
            return CompletableFuture.failedFuture(refused);
        }
        return entry.answer();
    }

    /** Leaves the cluster, in which its non-detached actors end. Blocks no longer than the stop timeout and two seconds. */
    @Override
    public void close() {
        if (closing) {
            return;
        }
        closing = true;
        try {
            socket.send(new Frame(0, new Message.Leave()));
        } catch (RayCallException full) {
            // It does not read, and is killed below.
            process.process().destroyForcibly();
        }
        if (!process.endsWithin(options.stopTimeout())) {
            process.process().destroyForcibly();
            process.endsWithin(Duration.ofSeconds(1));
        }
        socket.close();
        ended.completeOnTimeout("The gateway of Ray was closed.", 1, TimeUnit.SECONDS)
                .join();
    }
}
