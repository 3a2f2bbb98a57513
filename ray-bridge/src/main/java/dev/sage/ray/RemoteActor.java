package dev.sage.ray;

import dev.sage.api.RayCode;
import dev.sage.api.SageException;
import dev.sage.ray.link.Gateway;
import dev.sage.ray.link.RayCallException;
import dev.sage.ray.wire.Conversion;
import dev.sage.ray.wire.Envelope;
import dev.sage.ray.wire.EnvelopeException;
import dev.sage.ray.wire.Failure;
import dev.sage.ray.wire.JavaObjects;
import dev.sage.ray.wire.Message;
import dev.sage.ray.wire.Reply;
import dev.sage.runtime.ray.ActorSpec;
import dev.sage.runtime.ray.RayActor;
import dev.sage.runtime.ray.RayBatch;
import dev.sage.runtime.ray.RayCall;
import dev.sage.runtime.ray.RayPlace;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * An actor behind a gateway. Its death is known by the gateway, by a call that fails of it, or by that of the gateway; one
 * that outlives its gateway is behind the next one then, and calls wait for that.
 */
final class RemoteActor implements RayActor {
    private final ActorSpec spec;
    private final RayPlace place;
    private final Bridge bridge;
    private final int maxBatchBytes;
    private final boolean python;
    private final CompletableFuture<Throwable> death = new CompletableFuture<>();
    private final AtomicReference<@Nullable CompletableFuture<Ended>> ending = new AtomicReference<>();
    private volatile CompletableFuture<Gateway> way;

    RemoteActor(ActorSpec spec, Connection in, Bridge bridge, int maxBatchBytes) {
        this.spec = spec;
        this.place = in.place();
        this.bridge = bridge;
        this.maxBatchBytes = maxBatchBytes;
        this.python = spec.code() instanceof RayCode.Python;
        this.way = CompletableFuture.completedFuture(in.gateway());
        follow(in.gateway());
    }

    private void follow(Gateway gateway) {
        gateway.ended().thenAccept(why -> {
            if (spec.lasting() && ending.get() == null) {
                comeBack(why);
            } else {
                died("is gone with its gateway: " + why);
            }
        });
    }

    private void comeBack(String why) {
        CompletableFuture<Gateway> next = new CompletableFuture<>();
        way = next;
        boolean tried = bridge.later(() -> {
            try {
                Gateway found = bridge.again(place, spec);
                next.complete(found);
                follow(found);
            } catch (SageException lost) {
                notFound(next, why + " Then: " + lost.getMessage());
            } catch (InterruptedException given) {
                Thread.currentThread().interrupt();
                notFound(next, why);
            }
        });
        if (!tried) {
            notFound(next, why);
        }
    }

    private void notFound(CompletableFuture<Gateway> next, String why) {
        died("was not found again after the loss of its gateway: " + why);
        next.completeExceptionally(new RayCallException(Failure.of(Failure.Kind.ACTOR_DIED, why)));
    }

    @Override
    public String name() {
        return spec.name();
    }

    @Override
    public CompletionStage<Throwable> death() {
        return death;
    }

    /** It was not told to. */
    void died(String how) {
        if (ending.get() == null) {
            death.complete(new SageException("ray.actor-died", "Ray actor " + spec.name() + " " + how));
        }
    }

    @Override
    public CompletionStage<@Nullable Object> call(RayCall call) {
        ClassLoader classes = loader(call.answer());
        byte[] payload;
        try {
            payload = written(call.arguments());
        } catch (EnvelopeException unsent) {
            return CompletableFuture.failedFuture(failure(Failure.of(Failure.Kind.VALUE, message(unsent)), classes));
        }
        return answered(
                way.thenCompose(gateway -> gateway.call(spec.name(), call.method(), payload, call.within()))
                        .thenApply(answer -> value(answer, call.answer(), classes)),
                classes);
    }

    @Override
    public CompletionStage<List<RayBatch.Outcome>> call(RayBatch batch) {
        ClassLoader classes = loader(batch.answer());
        return answered(sent(batch, batch.arguments(), classes), classes);
    }

    /** In one message, or, when that has too many bytes, each half when the one before it was answered. */
    private CompletionStage<List<RayBatch.Outcome>> sent(
            RayBatch batch, List<List<@Nullable Object>> arguments, ClassLoader classes) {
        byte[] payload;
        try {
            payload = batchOf(arguments, arguments.size() == 1 ? Integer.MAX_VALUE : maxBatchBytes);
        } catch (EnvelopeException unsent) {
            return CompletableFuture.failedFuture(unsent);
        }
        if (payload != null) {
            byte[] whole = payload;
            return way.thenCompose(
                            gateway -> gateway.callBatch(spec.name(), batch.method(), whole, true, batch.within()))
                    .thenApply(reply -> outcomes(reply, batch, classes));
        }
        int half = arguments.size() / 2;
        List<List<@Nullable Object>> rest = arguments.subList(half, arguments.size());
        return sent(batch, arguments.subList(0, half), classes)
                .thenCompose(first -> sent(batch, rest, classes).thenApply(second -> {
                    List<RayBatch.Outcome> all = new ArrayList<>(first);
                    all.addAll(second);
                    return all;
                }));
    }

    private <T> CompletionStage<T> answered(CompletionStage<T> answer, ClassLoader classes) {
        CompletableFuture<T> told = new CompletableFuture<>();
        answer.whenComplete((value, thrown) -> {
            if (thrown == null) {
                told.complete(value);
            } else if (thrown instanceof EnvelopeException || thrown.getCause() instanceof EnvelopeException) {
                told.completeExceptionally(failure(Failure.of(Failure.Kind.VALUE, message(thrown)), classes));
            } else {
                told.completeExceptionally(failure(Bridge.known(thrown).failure(), classes));
            }
        });
        return told;
    }

    private static String message(Throwable thrown) {
        Throwable cause = thrown.getCause() instanceof EnvelopeException inner ? inner : thrown;
        return String.valueOf(cause.getMessage());
    }

    private Throwable failure(Failure failure, ClassLoader classes) {
        if (failure.kind() == Failure.Kind.ACTOR_DIED || failure.kind() == Failure.Kind.NO_ACTOR) {
            died("died: " + failure.describe());
        }
        if (failure.kind() == Failure.Kind.GATEWAY_LOST && spec.lasting() && !death.isDone()) {
            return new SageException(
                    "ray.lost",
                    "The gateway was lost while Ray actor " + spec.name()
                            + " had this call; whether it was carried out is"
                            + " not known. It outlives the gateway: call it again, if that does no harm. "
                            + failure.message());
        }
        return Failures.of(spec.code(), spec.name(), failure, classes);
    }

    private byte[] written(List<@Nullable Object> arguments) {
        return python ? Envelope.write(arguments) : JavaObjects.write(arguments.toArray());
    }

    private byte @Nullable [] batchOf(List<List<@Nullable Object>> arguments, int maxBytes) {
        return python
                ? Envelope.write(arguments, maxBytes)
                : JavaObjects.write(arguments.stream().map(List::toArray).toArray(), maxBytes);
    }

    private @Nullable Object value(byte[] payload, Type type, ClassLoader classes) {
        if (type == void.class) {
            return null;
        }
        if (!python) {
            return JavaObjects.read(payload, classes);
        }
        Object value = Envelope.read(payload);
        return value == null ? null : Conversion.to(type, value);
    }

    private List<RayBatch.Outcome> outcomes(Reply reply, RayBatch batch, ClassLoader classes) {
        List<RayBatch.Outcome> outcomes = new ArrayList<>(batch.arguments().size());
        if (reply instanceof Reply.Partial partial) {
            for (Reply each : partial.replies()) {
                outcomes.add(
                        each instanceof Reply.Value value
                                ? outcome(() -> value(value.payload(), batch.answer(), classes), classes)
                                : new RayBatch.Outcome(null, failure(((Reply.Failed) each).failure(), classes)));
            }
            return outcomes;
        }
        for (Object each : elements(((Reply.Value) reply).payload(), classes)) {
            outcomes.add(outcome(() -> each == null || !python ? each : Conversion.to(batch.answer(), each), classes));
        }
        return outcomes;
    }

    private List<@Nullable Object> elements(byte[] payload, ClassLoader classes) {
        Object all = python ? Envelope.read(payload) : JavaObjects.read(payload, classes);
        return all instanceof Object[] array ? Arrays.asList(array) : new ArrayList<>((List<?>) all);
    }

    /** One that does not fit its type is a failure of its record. */
    private RayBatch.Outcome outcome(java.util.function.Supplier<@Nullable Object> value, ClassLoader classes) {
        try {
            return new RayBatch.Outcome(value.get(), null);
        } catch (EnvelopeException unfit) {
            return new RayBatch.Outcome(null, failure(Failure.of(Failure.Kind.VALUE, message(unfit)), classes));
        }
    }

    /** That of the caller's type, else that of whoever calls. */
    private static ClassLoader loader(Type type) {
        Type inner = type instanceof ParameterizedType generic ? generic.getActualTypeArguments()[0] : type;
        ClassLoader own = inner instanceof Class<?> known ? known.getClassLoader() : null;
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        return own != null ? own : context != null ? context : RemoteActor.class.getClassLoader();
    }

    @Override
    public CompletionStage<Ended> cleanUpAndKill(Duration within) {
        CompletableFuture<Ended> mine = new CompletableFuture<>();
        CompletableFuture<Ended> before = ending.get();
        if ((before != null && !mayBeThere(before)) || !ending.compareAndSet(before, mine)) {
            return Objects.requireNonNull(ending.get());
        }
        if (before != null) {
            bridge.later(() -> mine.complete(reaped(within, before.join().reason())));
            return mine;
        }
        CompletionStage<Message.CleanUp> asked = way.copy()
                .orTimeout(within.dividedBy(2).toNanos(), TimeUnit.NANOSECONDS)
                .thenCompose(gateway -> gateway.cleanUpAndKill(spec.name(), within));
        asked.whenComplete((cleaned, thrown) -> {
            bridge.forget(spec.name());
            if (thrown == null && cleaned.killed()) {
                mine.complete(ended(cleaned));
            } else {
                String why =
                        thrown == null ? cleaned.problem() : "cleanup not completed. " + message(Bridge.known(thrown));
                bridge.later(() -> mine.complete(reaped(within, why)));
            }
        });
        return mine;
    }

    /** It was tried, in vain. */
    private static boolean mayBeThere(CompletableFuture<Ended> before) {
        return before.isDone() && !before.join().killed();
    }

    private static Ended ended(Message.CleanUp cleaned) {
        return new Ended(
                Cleaning.valueOf(cleaned.cleaning().name()),
                true,
                Duration.ofMillis(cleaned.cleanUpMillis()),
                Duration.ofMillis(cleaned.killMillis()),
                cleaned.problem());
    }

    /** By another gateway, if need be: with the one that made it, it should be gone. */
    private Ended reaped(Duration within, String why) {
        long sinceNs = System.nanoTime();
        String left;
        try {
            Map<String, String> notGone = bridge.reap(Set.of(spec.name()), within);
            left = notGone.getOrDefault(spec.name(), "");
        } catch (InterruptedException given) {
            Thread.currentThread().interrupt();
            left = "the look for it was interrupted";
        } catch (RuntimeException unreachable) {
            left = String.valueOf(unreachable.getMessage());
        }
        Duration took = Duration.ofNanos(System.nanoTime() - sinceNs);
        return new Ended(
                Cleaning.NOT_RUN, left.isEmpty(), Duration.ZERO, took, left.isEmpty() ? why : why + "; " + left);
    }
}
