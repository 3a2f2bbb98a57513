package dev.sage.ray.gateway;

import dev.sage.ray.wire.ActorSpec;
import dev.sage.ray.wire.Envelope;
import dev.sage.ray.wire.EnvelopeException;
import dev.sage.ray.wire.Failure.Kind;
import dev.sage.ray.wire.Frame;
import dev.sage.ray.wire.Message;
import dev.sage.ray.wire.Message.CleanUp;
import dev.sage.ray.wire.Message.Cleaning;
import dev.sage.ray.wire.Message.ReapedActor;
import dev.sage.ray.wire.Reply;
import io.ray.api.BaseActorHandle;
import io.ray.api.ObjectRef;
import io.ray.api.Ray;
import io.ray.api.exception.RayActorException;
import io.ray.api.exception.RayTimeoutException;
import io.ray.api.runtimecontext.ActorInfo;
import io.ray.api.runtimecontext.ActorState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The actors of our namespace, by name. The first handle of each that was made here is kept until it is killed: when a
 * second one is looked up and dropped, Ray takes the actor for one that nobody needs.
 */
final class Actors {
    private final Executor threads;
    private final BiConsumer<String, String> died;
    private final Consumer<List<Frame>> answers;
    private final int bundleCalls;
    private final Lifelines lifelines;
    private final Map<String, Live> live = new ConcurrentHashMap<>();

    /**
     * @param answers is told of the answers to calls, with their numbers
     * @param died is told the name of an actor that was made or attached here and is dead, though nobody had it killed, and why
     */
    Actors(Executor threads, GatewaySettings settings, Consumer<List<Frame>> answers, BiConsumer<String, String> died) {
        this.threads = threads;
        this.answers = answers;
        this.died = died;
        this.bundleCalls = settings.bundleCalls();
        this.lifelines = new Lifelines(threads, settings.maxFrameBytes(), this::lost);
    }

    private record Live(RemoteActor actor, Calls calls) {}

    /** Blocks until its object is made. */
    void create(ActorSpec spec, Duration timeout) throws ActorFailure {
        if (live.containsKey(spec.name())) {
            throw new ActorFailure(Kind.START, "There is an actor " + spec.name() + " already.");
        }
        Lifelines.Held lifeline = lifelines.of(spec.name());
        RemoteActor actor = RemoteActor.create(spec, lifeline.lifeline());
        Live made = new Live(actor, calls(spec.name(), actor, spec.concurrency(), lifeline::isConnected));
        lifeline.heardBy(made.calls());
        live.put(spec.name(), made);
        try {
            requireValue(get(made.actor().ready(), timeout));
        } catch (RayTimeoutException late) {
            discard(spec.name(), made);
            throw new ActorFailure(Kind.TIMEOUT, unplaced(spec, timeout));
        } catch (ActorFailure | RuntimeException e) {
            discard(spec.name(), made);
            throw e;
        }
    }

    private static String unplaced(ActorSpec spec, Duration timeout) {
        return "Actor " + spec.name() + " was not made within " + timeout + ". It asks for "
                + spec.cpus() + " CPUs, " + spec.gpus() + " GPUs"
                + (spec.resources().isEmpty() ? "" : " and " + spec.resources())
                + "; maybe the cluster has not so much free, or the constructor of " + spec.type() + " takes longer.";
    }

    private void discard(String name, Live made) {
        forget(name);
        made.actor().handle().kill(true);
    }

    /** To one that another gateway has made, and that lives on; its death is told from now on. */
    void attach(String name, int concurrency) throws ActorFailure {
        if (live.containsKey(name)) {
            return;
        }
        BaseActorHandle found = lookedUp(name).orElseThrow(() -> absent(name));
        RemoteActor actor = RemoteActor.of(found);
        if (live.putIfAbsent(name, new Live(actor, calls(name, actor, concurrency, () -> false))) == null) {
            actor.watched(Envelope.write(lifelines.of(name).lifeline()));
        }
    }

    private Calls calls(String name, RemoteActor actor, int concurrency, BooleanSupplier connected) {
        Lane lane = new Lane(name, threads, concurrency);
        return new Calls(name, lane, bundleCalls, concurrency > 1, connected, actor::invoke, answers);
    }

    /** Returns at once. */
    void call(String name, long number, byte[] body) throws ActorFailure {
        Live called = live.get(name);
        if (called == null) {
            throw absent(name);
        }
        called.calls().add(number, body);
    }

    /** Its process has ended, or it has been cut off. Ray restarts it, or knows that it is dead. */
    private void lost(String name) {
        Live known = live.get(name);
        if (known == null) {
            return;
        }
        try {
            known.actor().ready().get();
        } catch (RayActorException dead) {
            if (known.equals(live.get(name))) {
                died.accept(name, RayErrors.failure(name, dead).message());
            }
        } catch (RuntimeException e) {
            died.accept(name, RayErrors.failure(name, e).message());
        }
    }

    private void forget(String name) {
        live.remove(name);
        lifelines.forget(name);
    }

    /** Blocks no longer than the timeout, of which killing has the last fifth for certain. */
    CleanUp cleanUpAndKill(String name, Duration timeout) {
        long begun = System.nanoTime();
        Live known = live.get(name);
        RemoteActor actor = known == null ? lookedUp(name).map(RemoteActor::of).orElse(null) : known.actor();
        forget(name);
        Cleaned cleaned = actor == null
                ? new Cleaned(Cleaning.NOT_RUN, "cleanup not run, as it had died")
                : cleanUp(
                        actor,
                        known == null ? null : known.calls(),
                        timeout.multipliedBy(4).dividedBy(5));
        long since = System.nanoTime();
        String survival = actor == null ? "" : Killing.killed(actor, timeout.minus(Duration.ofNanos(since - begun)));
        return new CleanUp(
                cleaned.cleaning(),
                survival.isEmpty(),
                Duration.ofNanos(since - begun).toMillis(),
                Duration.ofNanos(System.nanoTime() - since).toMillis(),
                cleaned.problem().isEmpty() || survival.isEmpty()
                        ? cleaned.problem() + survival
                        : cleaned.problem() + "; " + survival);
    }

    private record Cleaned(Cleaning cleaning, String problem) {}

    private static Cleaned cleanUp(RemoteActor actor, @Nullable Calls calls, Duration timeout) {
        if (calls != null) {
            calls.flush();
        }
        try {
            requireValue(get(actor.cleanup(), timeout));
            return new Cleaned(Cleaning.DONE, "");
        } catch (RayTimeoutException late) {
            // It begins its cleanup when a call ends, as any other call.
            return calls != null && calls.isFull()
                    ? new Cleaned(Cleaning.NOT_RUN, "cleanup not run, as it was busy with a call")
                    : new Cleaned(Cleaning.FAILED, "cleanup did not end within " + timeout);
        } catch (RayActorException dead) {
            return new Cleaned(Cleaning.NOT_RUN, "cleanup not completed, as it died");
        } catch (ActorFailure e) {
            return new Cleaned(Cleaning.FAILED, "cleanup failed: " + e.failure().describe());
        } catch (RuntimeException e) {
            return new Cleaned(
                    Cleaning.FAILED,
                    "cleanup could not be asked for: " + RayErrors.failure(e).describe());
        }
    }

    /** Those of our namespace that are not dead. Blocks for as long as Ray needs. */
    List<Message.ActorState> list() {
        List<Message.ActorState> ours = new ArrayList<>();
        for (ActorInfo info : Ray.getRuntimeContext().getAllActorInfo()) {
            if (info.state != ActorState.DEAD && !info.name.isEmpty() && isOurs(info)) {
                ours.add(new Message.ActorState(info.name, info.state.getName(), info.numRestarts));
            }
        }
        return ours;
    }

    /** Names are unique in a namespace only, and the list is of all namespaces. */
    private boolean isOurs(ActorInfo info) {
        Live known = live.get(info.name);
        BaseActorHandle ours =
                known == null ? lookedUp(info.name).orElse(null) : known.actor().handle();
        return ours != null && ours.getId().equals(info.actorId);
    }

    List<ReapedActor> reap(List<String> names, Duration timeout) {
        return names.parallelStream().map(name -> reap(name, timeout)).toList();
    }

    private ReapedActor reap(String name, Duration timeout) {
        try {
            Live known = live.get(name);
            RemoteActor actor =
                    known == null ? lookedUp(name).map(RemoteActor::of).orElse(null) : known.actor();
            forget(name);
            String survival = actor == null ? "" : Killing.killed(actor, timeout);
            return new ReapedActor(name, survival);
        } catch (RuntimeException e) {
            return new ReapedActor(name, RayErrors.failure(e).describe());
        }
    }

    private static Optional<BaseActorHandle> lookedUp(String name) {
        return Ray.getActor(name).map(handle -> handle);
    }

    private static byte[] get(ObjectRef<byte[]> answer, Duration timeout) {
        return answer.get(Math.max(1, timeout.toMillis()));
    }

    private static void requireValue(byte[] reply) throws ActorFailure {
        @Nullable Reply read;
        try {
            read = Reply.read(reply);
        } catch (EnvelopeException e) {
            throw new ActorFailure(Kind.RAY, "The actor's answer cannot be read: " + e.getMessage());
        }
        if (read instanceof Reply.Failed failed) {
            throw new ActorFailure(failed.failure());
        }
    }

    private static ActorFailure absent(String name) {
        return new ActorFailure(Kind.NO_ACTOR, "There is no actor " + name + ", or no longer.");
    }
}
