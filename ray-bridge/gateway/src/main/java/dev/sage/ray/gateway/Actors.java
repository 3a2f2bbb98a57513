package dev.sage.ray.gateway;

import dev.sage.ray.wire.ActorSpec;
import dev.sage.ray.wire.EnvelopeException;
import dev.sage.ray.wire.Failure.Kind;
import dev.sage.ray.wire.Message;
import dev.sage.ray.wire.Message.CleanUp;
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
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The actors of our namespace, by name. The first handle of each that was made here is kept until it is killed: when a
 * second one is looked up and dropped, Ray takes the actor for one that nobody needs.
 */
final class Actors {
    private final Executor threads;
    private final Map<String, Live> live = new ConcurrentHashMap<>();

    Actors(Executor threads) {
        this.threads = threads;
    }

    private record Live(RemoteActor actor, Lane lane) {}

    /** Blocks until its object is made. */
    void create(ActorSpec spec, Duration timeout) throws ActorFailure {
        if (live.containsKey(spec.name())) {
            throw new ActorFailure(Kind.START, "There is an actor " + spec.name() + " already.");
        }
        Live made = new Live(RemoteActor.create(spec), new Lane(spec.name(), threads, spec.concurrency()));
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
        live.remove(name, made);
        made.actor().handle().kill(true);
    }

    /** To one that another gateway has made, and that lives on. */
    void attach(String name, int concurrency) throws ActorFailure {
        if (live.containsKey(name)) {
            return;
        }
        BaseActorHandle found = lookedUp(name).orElseThrow(() -> absent(name));
        live.putIfAbsent(name, new Live(RemoteActor.of(found), new Lane(name, threads, concurrency)));
    }

    /** Returns at once; answers of one actor with a concurrency of one come in the order of the calls. */
    void call(String name, byte[] body, Consumer<Message.Answer> answer) throws ActorFailure {
        Live called = live.get(name);
        if (called == null) {
            throw absent(name);
        }
        called.lane().add(called.actor().invoke(body), answer);
    }

    /** Blocks no longer than the timeout, of which the actor's own clean-up has all that killing does not need. */
    CleanUp cleanUpAndKill(String name, Duration timeout) {
        long begun = System.nanoTime();
        Live known = live.get(name);
        RemoteActor actor = known == null ? lookedUp(name).map(RemoteActor::of).orElse(null) : known.actor();
        String problem = actor == null ? "its cleanup was not run: there is no such actor" : cleanUp(actor, timeout);
        String survival = actor == null ? "" : Killing.killed(actor, timeout);
        if (survival.isEmpty()) {
            live.remove(name);
        }
        return new CleanUp(
                problem.isEmpty(),
                survival.isEmpty(),
                Duration.ofNanos(System.nanoTime() - begun).toMillis(),
                problem.isEmpty() ? survival : survival.isEmpty() ? problem : problem + "; " + survival);
    }

    private static String cleanUp(RemoteActor actor, Duration timeout) {
        try {
            requireValue(get(actor.cleanup(), timeout));
            return "";
        } catch (RayTimeoutException late) {
            return "its cleanup did not end within " + timeout;
        } catch (RayActorException dead) {
            return "its cleanup was not run: the actor had died";
        } catch (ActorFailure e) {
            return "its cleanup failed: " + e.failure().describe();
        } catch (RuntimeException e) {
            return "its cleanup could not be asked for: " + RayErrors.failure(e).describe();
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
            RemoteActor actor = known == null ? lookedUp(name).map(RemoteActor::of).orElse(null) : known.actor();
            String survival = actor == null ? "" : Killing.killed(actor, timeout);
            if (survival.isEmpty()) {
                live.remove(name);
            }
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
