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
     * The link that stands for a reference or proxy; empty for any other object.
     *
     * @throws InvalidGraphException when it is of a service that does not belong to the job
     */
    public static Optional<Link> linkOf(Object held) {
        if (held instanceof DeclaredService<?> service) {
            return Optional.of(link(service, null));
        }
        return ServiceProxy.handlerOf(held).map(handler -> {
            if (handler.declared() == null) {
                throw new InvalidGraphException("service '" + handler.name()
                        + "' is that of a job that was submitted before, which a job on a node cannot call. Declare a"
                        + " service of this job");
            }
            return link(handler.declared(), handler.type());
        });
    }

    private static Link link(DeclaredService<?> service, @Nullable Class<?> type) {
        if (service.isShared()) {
            throw new InvalidGraphException("service '" + service.name()
                    + "' is a shared one of this JVM, which a job on a node cannot call. Declare it with service(…)");
        }
        return new Link(service.name(), type);
    }

    /** What a function holds for a link. */
    public Object held(Link link) {
        DeclaredService<?> service = service(link.name());
        return link.type() == null ? service : service.as(link.type());
    }

    /** Takes the way to call a service, before any function runs, see {@link dev.sage.api.graph.ServiceSpec#bind}. */
    public Consumer<ServiceCaller> binding(String name) {
        return service(name)::bind;
    }

    private DeclaredService<?> service(String name) {
        return services.computeIfAbsent(name, DeclaredService::elsewhere);
    }
}
