package dev.sage.api;

import dev.sage.api.spi.ServiceCaller;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Typed proxies of services; runtimes use them for {@link JobHandle#service} and {@link KeptService#as}. */
public final class ServiceProxy {
    private static final Object[] NONE = {};

    private ServiceProxy() {}

    /**
     * A proxy that passes its calls on.
     *
     * @param name of the service, for messages
     * @param caller asked at each call
     * @throws IllegalArgumentException when the type is not an interface
     */
    public static <I> I of(String name, Class<I> type, Supplier<ServiceCaller> caller) {
        return of(new Handler<>(name, type, caller, null));
    }

    static <I> I of(Handler<I> handler) {
        Class<I> type = handler.type();
        if (!type.isInterface()) {
            throw new IllegalArgumentException("Service '" + handler.name() + "' was asked for as " + type.getName()
                    + ", which is a class; a proxy needs an interface with the methods to call.");
        }
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    /** Of a proxy that was made here; empty for any other object. */
    static Optional<Handler<?>> handlerOf(Object object) {
        return Proxy.isProxyClass(object.getClass()) && Proxy.getInvocationHandler(object) instanceof Handler<?> handler
                ? Optional.of(handler)
                : Optional.empty();
    }

    /**
     * What a proxy does.
     *
     * @param declared the service of a job that is being built; null for one that runs
     */
    record Handler<I>(
            String name,
            Class<I> type,
            Supplier<ServiceCaller> caller,
            @Nullable DeclaredService<?> declared) implements InvocationHandler {
        @Override
        public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
            Object[] given = arguments == null ? NONE : arguments;
            if (method.getDeclaringClass() == Object.class) {
                return switch (method.getName()) {
                    case "equals" -> proxy == given[0];
                    case "hashCode" -> System.identityHashCode(proxy);
                    default -> "service " + name + " as " + type.getSimpleName();
                };
            }
            if (method.isDefault()) {
                return InvocationHandler.invokeDefault(proxy, method, given);
            }
            return caller.get().call(method, given);
        }
    }
}
