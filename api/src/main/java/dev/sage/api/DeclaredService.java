package dev.sage.api;

import dev.sage.api.graph.ServiceBody;
import dev.sage.api.graph.ServiceSpec;
import dev.sage.api.spi.ServiceCaller;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A declared service; bound to the running one when its job starts, or, when it is shared, by its first call. */
final class DeclaredService<S extends Service> implements ServiceDeclaration<S> {
    /** Of a service that is made in another place than here. */
    private static final ServiceBody ELSEWHERE = new ServiceBody.InJvm(() -> {
        throw new IllegalStateException("Its job makes this service from the job's own description.");
    });

    /** A process takes care of its own concurrency; this only bounds the connections to it. */
    private static final int REQUESTS_AT_ONCE = 64;

    private final String name;
    private final ServiceBody body;
    /** The environment that starts it at its first call; null for a service of a job. */
    private final @Nullable GraphEnvironment sharedBy;

    private final Set<String> dependsOn = new LinkedHashSet<>();
    private int concurrency;
    private @Nullable Duration callTimeout;
    private RestartPolicy restart = RestartPolicy.never();
    private boolean closed;
    private boolean starting;
    private volatile @Nullable ServiceCaller caller;

    private DeclaredService(String name, ServiceBody body, @Nullable GraphEnvironment sharedBy) {
        if (name.isBlank() || name.indexOf('/') >= 0) {
            throw new InvalidGraphException(
                    "A service's name is '" + name + "'; it must not be blank or contain a slash.");
        }
        this.name = name;
        this.body = body;
        this.concurrency = body instanceof ServiceBody.OfProcess ? REQUESTS_AT_ONCE : 1;
        if (body instanceof ServiceBody.OnRay ray) {
            this.concurrency = ray.actor().concurrency();
            this.restart = ray.actor().restartPolicy();
        }
        this.sharedBy = sharedBy;
    }

    static <S extends Service> DeclaredService<S> ofJob(String name, ServiceBody body) {
        return new DeclaredService<>(name, body, null);
    }

    static <S extends Service> DeclaredService<S> shared(String name, ServiceBody body, GraphEnvironment environment) {
        return new DeclaredService<>(name, body, environment);
    }

    /** One whose job holds its description; here it is only called. */
    static DeclaredService<?> elsewhere(String name) {
        DeclaredService<?> service = ofJob(name, ELSEWHERE);
        service.close();
        return service;
    }

    @Override
    public String name() {
        return name;
    }

    Optional<GraphEnvironment> sharedBy() {
        return Optional.ofNullable(sharedBy);
    }

    @Override
    public ServiceDeclaration<S> serial() {
        return concurrent(1);
    }

    @Override
    public ServiceDeclaration<S> concurrent(int calls) {
        checkOpen("concurrency");
        if (calls < 1) {
            throw new InvalidGraphException(
                    "Service '" + name + "' allows " + calls + " concurrent calls; it must be at least 1.");
        }
        concurrency = calls;
        return this;
    }

    @Override
    public ServiceDeclaration<S> callTimeout(Duration timeout) {
        checkOpen("call timeout");
        if (timeout.isNegative() || timeout.isZero()) {
            throw new InvalidGraphException(
                    "The call timeout of service '" + name + "' is " + timeout + ", and must be positive.");
        }
        callTimeout = timeout;
        return this;
    }

    @Override
    public ServiceDeclaration<S> restart(RestartPolicy policy) {
        checkOpen("restart policy");
        restart = policy;
        return this;
    }

    @Override
    public ServiceDeclaration<S> dependsOn(String... services) {
        checkOpen("dependencies");
        if (sharedBy != null) {
            throw new InvalidGraphException("The shared service '" + name + "' depends on " + List.of(services)
                    + ". It outlives the services of a job; call another shared service by its reference instead.");
        }
        dependsOn.addAll(List.of(services));
        return this;
    }

    private void checkOpen(String what) {
        if (closed) {
            throw new InvalidGraphException("The " + what + " of service '" + name
                    + "' was changed after its job was submitted, or it was called.");
        }
    }

    void close() {
        closed = true;
    }

    ServiceSpec spec() {
        return new ServiceSpec(
                name, body, concurrency, Optional.ofNullable(callTimeout), restart, List.copyOf(dependsOn), this::bind);
    }

    void bind(ServiceCaller running) {
        caller = running;
    }

    @Override
    public @Nullable Object call(String method, Object... arguments) throws Exception {
        try {
            return caller().call(method, arguments);
        } catch (Exception | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public <I> I as(Class<I> type) {
        return ServiceProxy.of(new ServiceProxy.Handler<>(name, type, this::caller, this));
    }

    private ServiceCaller caller() {
        ServiceCaller bound = caller;
        if (bound != null) {
            return bound;
        }
        if (sharedBy == null) {
            throw new ServiceException(
                    "service.unavailable",
                    "Service '" + name + "' was called before its job started. Call it from the job's functions, or"
                            + " through JobHandle.service once the job runs.");
        }
        return startShared(sharedBy);
    }

    /** Starts a shared one that nobody has called yet. Does nothing while its start is what asks for this. */
    void startShared() {
        GraphEnvironment environment = sharedBy;
        if (environment != null) {
            synchronized (environment.sharedStarts()) {
                if (!starting) {
                    startShared(environment);
                }
            }
        }
    }

    private ServiceCaller startShared(GraphEnvironment environment) {
        // One lock for all: a start may need those of others, which may need it in turn.
        synchronized (environment.sharedStarts()) {
            ServiceCaller bound = caller;
            if (bound == null) {
                close();
                starting = true;
                try {
                    bound = environment.startShared(spec());
                } finally {
                    starting = false;
                }
                caller = bound;
            }
            return bound;
        }
    }
}
