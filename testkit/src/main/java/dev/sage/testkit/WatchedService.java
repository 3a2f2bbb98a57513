package dev.sage.testkit;

import dev.sage.api.Service;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.description.modifier.Visibility;
import net.bytebuddy.dynamic.DynamicType;
import net.bytebuddy.dynamic.scaffold.subclass.ConstructorStrategy;
import net.bytebuddy.implementation.InvocationHandlerAdapter;
import org.jspecify.annotations.Nullable;

/**
 * Puts a watched object in the place of a user's service. Runtimes find the methods to call on the class of the service,
 * which may be final, private, or without any interface, so neither a subclass nor a JDK proxy can stand in for it.
 * Therefore a class with the same public methods is made beside it, in its package, where it sees the same types.
 */
final class WatchedService {
    private static final String HANDLER = "handler";

    private WatchedService() {}

    /** Erasure makes this safe: between its factory and its calls nobody uses a service as anything but a {@link Service}. */
    @SuppressWarnings("unchecked")
    static <S extends Service> S around(S service, String name, LifecycleProbe probe) throws Exception {
        Class<?> type = service.getClass();
        Map<Method, Method> originals = new HashMap<>();
        Class<?> watched = MethodHandles.privateLookupIn(type, MethodHandles.lookup())
                .defineHiddenClass(classLike(type), true)
                .lookupClass();
        for (Method method : watched.getDeclaredMethods()) {
            if (Modifier.isPublic(method.getModifiers())) {
                originals.put(method, original(type, method));
            }
        }
        Object instance = watched.getConstructor().newInstance();
        WatchedLife life = new WatchedLife(name, probe, service);
        watched.getField(HANDLER).set(instance, handler(service, life, originals));
        return (S) instance;
    }

    private static byte[] classLike(Class<?> type) {
        DynamicType.Builder<?> builder = new ByteBuddy()
                .subclass(Object.class, ConstructorStrategy.Default.DEFAULT_CONSTRUCTOR)
                .implement(Service.class)
                .name(type.getPackageName() + ".Watched")
                .modifiers(Visibility.PUBLIC)
                .defineField(HANDLER, InvocationHandler.class, Visibility.PUBLIC);
        for (Method method : type.getMethods()) {
            boolean callable = method.getDeclaringClass() != Object.class
                    && !Modifier.isStatic(method.getModifiers())
                    && !method.isBridge();
            if (callable) {
                builder = builder.defineMethod(method.getName(), method.getReturnType(), Visibility.PUBLIC)
                        .withParameters(method.getParameterTypes())
                        .throwing(method.getExceptionTypes())
                        .intercept(InvocationHandlerAdapter.toField(HANDLER).withoutMethodCache());
            }
        }
        return builder.make().getBytes();
    }

    private static InvocationHandler handler(Service service, WatchedLife life, Map<Method, Method> originals) {
        return (watched, method, arguments) -> {
            Method original = originals.get(method);
            if (original == null) {
                throw new NoSuchMethodException(method + " is no method of " + service.getClass());
            }
            return invoke(isOfLife(original) ? life : service, original, arguments);
        };
    }

    private static @Nullable Object invoke(Object target, Method method, @Nullable Object[] arguments)
            throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    /** The method of {@link Service} for the steps of life, so that it can be invoked on anything that lives through them. */
    private static Method original(Class<?> type, Method method) throws NoSuchMethodException {
        for (Method step : Service.class.getMethods()) {
            if (step.getName().equals(method.getName())
                    && Arrays.equals(step.getParameterTypes(), method.getParameterTypes())) {
                return step;
            }
        }
        Method original = type.getMethod(method.getName(), method.getParameterTypes());
        original.setAccessible(true);
        return original;
    }

    private static boolean isOfLife(Method method) {
        return method.getDeclaringClass() == Service.class;
    }
}
