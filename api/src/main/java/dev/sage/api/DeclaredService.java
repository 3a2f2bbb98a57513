package dev.sage.api;

import dev.sage.api.graph.ServiceSpec;
import dev.sage.api.spi.ServiceCaller;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A declared service; bound to the running one when its job starts. */
final class DeclaredService<S extends Service> implements ServiceDeclaration<S> {
    private final String name;
    private final ServiceFactory<S> factory;
    private final Set<String> dependsOn = new LinkedHashSet<>();
    private int concurrency = 1;
    private @Nullable Duration callTimeout;
    private boolean closed;
    private volatile @Nullable ServiceCaller caller;

    DeclaredService(String name, ServiceFactory<S> factory) {
        this.name = name;
        this.factory = factory;
    }

    @Override
    public String name() {
        return name;
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
    public ServiceDeclaration<S> dependsOn(String... services) {
        checkOpen("dependencies");
        dependsOn.addAll(List.of(services));
        return this;
    }

    private void checkOpen(String what) {
        if (closed) {
            throw new InvalidGraphException(
                    "The " + what + " of service '" + name + "' was changed after its job was submitted.");
        }
    }

    void close() {
        closed = true;
    }

    ServiceSpec spec() {
        return new ServiceSpec(
                name, factory, concurrency, Optional.ofNullable(callTimeout), List.copyOf(dependsOn), c -> caller = c);
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
        return ServiceProxy.of(name, type, this::caller);
    }

    private ServiceCaller caller() {
        ServiceCaller bound = caller;
        if (bound == null) {
            throw new ServiceException(
                    "service.unavailable",
                    "Service '" + name + "' was called before its job started. Call it from the job's functions, or"
                            + " through JobHandle.service once the job runs.");
        }
        return bound;
    }
}
