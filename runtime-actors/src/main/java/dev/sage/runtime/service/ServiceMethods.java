package dev.sage.runtime.service;

import dev.sage.api.Service;
import dev.sage.api.ServiceException;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The methods by which a service can be called: its public ones, without those of its life cycle and of Object. */
final class ServiceMethods {
    private final String service;
    private final Service instance;
    private final List<Method> callable;
    private final ConcurrentMap<Method, Method> likes = new ConcurrentHashMap<>();

    ServiceMethods(String service, Service instance) {
        this.service = service;
        this.instance = instance;
        this.callable = Arrays.stream(instance.getClass().getMethods())
                .filter(method -> !Modifier.isStatic(method.getModifiers())
                        && !method.isBridge()
                        && method.getDeclaringClass() != Object.class
                        && !isLifeCycle(method))
                .toList();
    }

    private static boolean isLifeCycle(Method method) {
        return Arrays.stream(Service.class.getMethods())
                .anyMatch(own -> own.getName().equals(method.getName())
                        && Arrays.equals(own.getParameterTypes(), method.getParameterTypes()));
    }

    /** The one method of this name that takes these arguments. */
    Method named(String name, Object[] arguments) {
        List<Method> fitting = callable.stream()
                .filter(method -> method.getName().equals(name) && takes(method, arguments))
                .toList();
        if (fitting.size() != 1) {
            throw new ServiceException(
                    "service.method",
                    "Service '" + service + "' has " + (fitting.isEmpty() ? "no" : "more than one") + " method '" + name
                            + "' for " + types(arguments) + ". It can be called by " + signatures() + ".");
        }
        return accessible(fitting.get(0));
    }

    /** The method that stands for one of a proxy's interface. */
    Method like(Method wanted) {
        return likes.computeIfAbsent(wanted, method -> accessible(find(method)));
    }

    private Method find(Method wanted) {
        if (wanted.getDeclaringClass().isInstance(instance) && !isLifeCycle(wanted)) {
            return wanted;
        }
        return callable.stream()
                .filter(method -> method.getName().equals(wanted.getName())
                        && Arrays.equals(method.getParameterTypes(), wanted.getParameterTypes()))
                .findFirst()
                .orElseThrow(() -> new ServiceException(
                        "service.method",
                        "Service '" + service + "' has no public method " + signature(wanted) + ". It can be called by "
                                + signatures() + "."));
    }

    /** The class itself need not be public. */
    private static Method accessible(Method method) {
        method.trySetAccessible();
        return method;
    }

    private static boolean takes(Method method, Object[] arguments) {
        Class<?>[] parameters = method.getParameterTypes();
        if (parameters.length != arguments.length) {
            return false;
        }
        Class<?>[] boxed = MethodType.methodType(void.class, parameters).wrap().parameterArray();
        for (int i = 0; i < boxed.length; i++) {
            boolean fits = arguments[i] == null ? !parameters[i].isPrimitive() : boxed[i].isInstance(arguments[i]);
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    private static String types(Object[] arguments) {
        return Arrays.stream(arguments)
                .map(argument -> argument == null ? "null" : argument.getClass().getSimpleName())
                .toList()
                .toString();
    }

    private String signatures() {
        return callable.stream()
                .map(ServiceMethods::signature)
                .sorted()
                .toList()
                .toString();
    }

    private static String signature(Method method) {
        return method.getName() + "("
                + String.join(
                        ", ",
                        Arrays.stream(method.getParameterTypes())
                                .map(Class::getSimpleName)
                                .toList())
                + ")";
    }
}
