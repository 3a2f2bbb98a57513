package dev.sage.runtime.ray;

import dev.sage.api.RayCode;
import dev.sage.api.RayEndpoint;
import dev.sage.api.RayService;
import dev.sage.api.ServiceContext;
import dev.sage.api.ServiceException;
import dev.sage.api.spi.RemoteContext;
import dev.sage.api.spi.ServiceCaller;
import dev.sage.runtime.service.AwayService;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * An actor of Ray as a service. Its death is told to the service's context; its clean-up, with its end, is that of all
 * actors of its job, in a phase of their own, but for one that died and is replaced: it ends when the next one starts.
 */
final class ActorService implements RayEndpoint, AwayService {
    private final RayActors actors;
    private final RaySettings settings;
    private final String job;
    private final String name;
    private final RayService description;
    private final int concurrency;
    private final Duration callTimeout;
    private final boolean lasting;
    private final @Nullable ClassLoader classes = Thread.currentThread().getContextClassLoader();
    /** Ends the waiting of calls that are under way when it stops. */
    private final CompletableFuture<Object> stopped = new CompletableFuture<>();

    private @Nullable ServiceContext context;
    private volatile @Nullable HeldActor held;
    private volatile boolean ending;

    ActorService(
            RayActors actors,
            RaySettings settings,
            String job,
            String name,
            RayService description,
            int concurrency,
            Duration callTimeout,
            boolean lasting) {
        this.actors = actors;
        this.settings = settings;
        this.job = job;
        this.name = name;
        this.description = description;
        this.concurrency = concurrency;
        this.callTimeout = callTimeout;
        this.lasting = lasting;
    }

    @Override
    public void init(ServiceContext serviceContext) {
        context = serviceContext;
    }

    /** Blocks until it was made; an interrupt ends the waiting, and what was begun is released with the job. */
    @Override
    public void start() throws Exception {
        actors.endDead(job, name);
        HeldActor made = actors.make(
                job,
                name,
                new ActorSpec(
                        name,
                        description.code(),
                        description.arguments(),
                        description.needs(),
                        concurrency,
                        classes,
                        lasting,
                        settings.startWithin()),
                () -> !ending);
        held = made;
        if (hasLife()) {
            ask(made, RayCall.of("init", void.class, settings.startWithin(), remoteContext()));
            ask(made, RayCall.of("start", void.class, settings.startWithin()));
        }
        actor(made).death().thenAccept(this::died);
    }

    private RemoteContext remoteContext() {
        ServiceContext given = context;
        return new RemoteContext(name, given == null ? "" : given.jobId());
    }

    /** Whether it is a service with a start and a stop of its own. */
    private boolean hasLife() {
        return description.code() instanceof RayCode.JavaFactory;
    }

    private void died(Throwable cause) {
        ServiceContext told = context;
        if (!ending && told != null) {
            told.failed(cause);
        }
    }

    @Override
    public void stop() throws Exception {
        ending = true;
        stopped.completeExceptionally(unavailable("was stopped meanwhile"));
        HeldActor made = held;
        if (made != null && hasLife() && !made.died()) {
            ask(made, RayCall.of("stop", void.class, settings.cleanUpWithin()));
        }
    }

    @Override
    public void cleanup() {
        ending = true;
        stopped.completeExceptionally(unavailable("was stopped meanwhile"));
    }

    private ServiceException unavailable(String why) {
        return new ServiceException("service.unavailable", "Service '" + name + "' " + why + ".");
    }

    @Override
    public String actor() {
        return actor(running()).name();
    }

    @Override
    public @Nullable Object call(String method, @Nullable Object... arguments) throws Exception {
        return answer(new RayCall(method, List.of(), Arrays.asList(arguments), Object.class, callTimeout));
    }

    @Override
    public <T> @Nullable T call(Class<T> type, String method, @Nullable Object... arguments) throws Exception {
        return type.cast(answer(new RayCall(method, List.of(), Arrays.asList(arguments), type, callTimeout)));
    }

    @Override
    public ServiceCaller way() {
        return new ServiceCaller() {
            @Override
            public @Nullable Object call(String method, Object[] arguments) throws Exception {
                return ActorService.this.call(method, arguments);
            }

            @Override
            public @Nullable Object call(Method method, Object[] arguments) throws Exception {
                return like(method, arguments);
            }
        };
    }

    /** The method of the same name, with what the caller's one says of the answer. */
    private @Nullable Object like(Method method, Object[] arguments) throws Exception {
        List<String> parameters =
                Arrays.stream(method.getParameterTypes()).map(Class::getName).toList();
        Type type = method.getGenericReturnType();
        Object answer = answer(new RayCall(method.getName(), parameters, Arrays.asList(arguments), type, callTimeout));
        if (type == void.class) {
            return null;
        }
        if (answer == null && method.getReturnType().isPrimitive()) {
            throw new ServiceException(
                    "service.method",
                    "Service '" + name + "' answered nothing to " + method.getName() + "(…), where its caller expects "
                            + method.getReturnType() + ". Let it return a value, or declare the box type.");
        }
        return answer;
    }

    private @Nullable Object answer(RayCall call) throws Exception {
        CompletionStage<@Nullable Object> answer = actor(running()).call(call);
        return await(CompletableFuture.anyOf(answer.toCompletableFuture(), stopped), call);
    }

    /** Of its life; not ended by a stop. */
    private void ask(HeldActor made, RayCall call) throws Exception {
        await(actor(made).call(call).toCompletableFuture(), call);
    }

    private @Nullable Object await(CompletableFuture<?> answer, RayCall call) throws Exception {
        try {
            return answer.get(call.within().plus(RaySettings.GRACE).toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            throw new ServiceException(
                    "service.timeout",
                    "Service '" + name + "' did not answer to " + call.method() + "(…) within " + call.within()
                            + ". Raise callTimeout(…) of the service, or see why it takes so long.");
        } catch (ExecutionException failed) {
            throw thrown(failed);
        }
    }

    private static Exception thrown(ExecutionException failed) {
        Throwable cause = failed.getCause();
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof Exception exception ? exception : new IllegalStateException(cause);
    }

    private HeldActor running() {
        HeldActor made = held;
        if (made == null) {
            throw unavailable("has no actor yet");
        }
        return made;
    }

    private static RayActor actor(HeldActor made) {
        return made.actor().orElseThrow(() -> new IllegalStateException(made.label + " was not made."));
    }
}
