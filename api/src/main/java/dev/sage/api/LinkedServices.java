package dev.sage.api;

import dev.sage.api.spi.ServiceCaller;
import java.io.Serializable;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The services of a job whose functions have been sent to another JVM. There a function holds the job's service in the
 * place of the reference or proxy that it held where it was written. For runtimes; authors of pipelines need nothing of it.
 */
public final class LinkedServices {
    private final Map<String, DeclaredService<?>> services = new ConcurrentHashMap<>();

    /**
     * What a function takes with it for a service.
     *
     * @param type of the proxy; null for a reference
     */
    public record Link(String name, @Nullable Class<?> type) implements Serializable {}

    /**
     * A service that a function holds.
     *
     * @param sharedBy the environment that it belongs to; empty for one of a job
     */
    public record Held(Link link, Optional<Environment> sharedBy) {}

    /**
     * The service that a reference or proxy stands for; empty for any other object.
     *
     * @throws InvalidGraphException when it is of a job that was submitted before
     */
    public static Optional<Held> in(Object object) {
        if (object instanceof DeclaredService<?> service) {
            return Optional.of(held(service, null));
        }
        return ServiceProxy.handlerOf(object).map(handler -> {
            if (handler.declared() == null) {
                throw new InvalidGraphException("service '" + handler.name()
                        + "' of a job that was submitted before, which a job on a node cannot call. Declare a service of"
                        + " this job, or share one");
            }
            return held(handler.declared(), handler.type());
        });
    }

    private static Held held(DeclaredService<?> service, @Nullable Class<?> type) {
        return new Held(new Link(service.name(), type), service.sharedBy().map(environment -> environment));
    }

    /** What a function holds for a link to a service that is not one of its job. */
    public static Object held(Link link, ServiceCaller caller) {
        DeclaredService<?> service = DeclaredService.elsewhere(link.name());
        service.bind(caller);
        return object(service, link);
    }

    private static Object object(DeclaredService<?> service, Link link) {
        return link.type() == null ? service : service.as(link.type());
    }

    /** What a function holds for a link to a service of its job. */
    public Object held(Link link) {
        return object(service(link.name()), link);
    }

    /** Takes the way to call a service, before any function runs, see {@link dev.sage.api.graph.ServiceSpec#bind}. */
    public Consumer<ServiceCaller> binding(String name) {
        return service(name)::bind;
    }

    private DeclaredService<?> service(String name) {
        return services.computeIfAbsent(name, DeclaredService::elsewhere);
    }
}
