package dev.sage.ray.gateway;

import dev.sage.ray.wire.ActorForm;
import dev.sage.ray.wire.Codec;
import dev.sage.ray.wire.Conversion;
import dev.sage.ray.wire.EnvelopeException;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The user's object in a Java actor, with the loader of its classes. Methods are found by name and arguments, the first
 * public one, in the order of their descriptions as text, whose parameters fit; or by name and the classes of their
 * parameters, {@code put(java.lang.String,int)}.
 */
final class JavaTarget {
    private final Object object;
    private final ClassLoader classes;
    private final Map<String, List<Method>> methods;

    private JavaTarget(Object object, ClassLoader classes) {
        this.object = object;
        this.classes = classes;
        this.methods = sorted(object.getClass().getMethods()).stream()
                .filter(method -> method.getDeclaringClass() != Object.class)
                .peek(method -> method.setAccessible(true))
                .collect(Collectors.groupingBy(Method::getName, TreeMap::new, Collectors.toList()));
    }

    /** No method of that name takes these arguments. */
    static final class NoMethod extends Exception {
        private static final long serialVersionUID = 1;

        NoMethod(String message) {
            super(message);
        }
    }

    static JavaTarget made(ActorForm form) throws Throwable {
        ClassLoader classes = loader(form);
        Thread.currentThread().setContextClassLoader(classes);
        Codec codec = Codec.of(form.arguments());
        List<?> arguments = JavaActor.read(form.arguments(), classes);
        Object made = form.type().isEmpty()
                ? Objects.requireNonNull(arguments.get(0), "no object")
                : constructed(form.type(), classes, arguments, codec);
        JavaTarget direct = new JavaTarget(made, classes);
        return form.target().isEmpty()
                ? direct
                : new JavaTarget(
                        Objects.requireNonNull(
                                direct.call(form.target(), List.of(), codec), form.target() + "() is null"),
                        classes);
    }

    private static Object constructed(String type, ClassLoader classes, List<?> arguments, Codec codec)
            throws Throwable {
        Class<?> found = Class.forName(type, true, classes);
        for (Constructor<?> constructor : sorted(found.getDeclaredConstructors())) {
            @Nullable Object @Nullable [] fitting = fitting(constructor, arguments, codec);
            if (fitting != null) {
                constructor.setAccessible(true);
                try {
                    return constructor.newInstance(fitting);
                } catch (InvocationTargetException e) {
                    throw e.getTargetException();
                }
            }
        }
        throw new NoMethod(
                "No constructor of " + type + " takes the " + arguments.size() + " arguments " + types(arguments));
    }

    private static ClassLoader loader(ActorForm form) throws IOException {
        List<URL> urls = new ArrayList<>();
        if (!form.files().isEmpty()) {
            for (Path shipped : ShippedFiles.written(form.files())) {
                urls.add(url(shipped));
            }
        }
        for (String path : form.paths()) {
            Path there = Path.of(path);
            if (!Files.exists(there)) {
                throw new NoSuchFileException(
                        "The code " + path + " is not there, on the machine that runs the actor.");
            }
            urls.add(url(there));
        }
        ClassLoader own = JavaTarget.class.getClassLoader();
        return urls.isEmpty() ? own : new URLClassLoader(urls.toArray(URL[]::new), own);
    }

    private static URL url(Path path) throws MalformedURLException {
        return path.toUri().toURL();
    }

    ClassLoader classes() {
        return classes;
    }

    @Nullable
    Object call(String name, List<?> arguments, Codec codec) throws Throwable {
        int signature = name.indexOf('(');
        for (Method method : methods.getOrDefault(signature < 0 ? name : name.substring(0, signature), List.of())) {
            if (signature >= 0 && !signature(method).equals(name.substring(signature))) {
                continue;
            }
            @Nullable Object @Nullable [] fitting = fitting(method, arguments, codec);
            if (fitting != null) {
                return invoked(method, fitting);
            }
        }
        throw new NoMethod(noMethod(name, arguments));
    }

    private static String signature(Method method) {
        return Arrays.stream(method.getParameterTypes()).map(Class::getName).collect(Collectors.joining(",", "(", ")"));
    }

    void cleanUp() throws Throwable {
        for (Method method : methods.getOrDefault("cleanup", List.of())) {
            if (method.getParameterCount() == 0) {
                invoked(method, new Object[0]);
            }
        }
    }

    private @Nullable Object invoked(Method method, @Nullable Object[] arguments) throws Throwable {
        try {
            return method.invoke(object, arguments);
        } catch (InvocationTargetException e) {
            throw e.getTargetException();
        }
    }

    private static <E extends Executable> List<E> sorted(E[] all) {
        List<E> sorted = new ArrayList<>(List.of(all));
        sorted.sort((one, other) -> one.toString().compareTo(other.toString()));
        return sorted;
    }

    private static @Nullable Object @Nullable [] fitting(Executable called, List<?> arguments, Codec codec) {
        if (called.getParameterCount() != arguments.size()) {
            return null;
        }
        @Nullable Object[] fitting = new Object[arguments.size()];
        for (int index = 0; index < fitting.length; index++) {
            try {
                fitting[index] = codec == Codec.JAVA
                        ? Conversion.same(called.getParameterTypes()[index], arguments.get(index))
                        : Conversion.to(called.getGenericParameterTypes()[index], arguments.get(index));
            } catch (EnvelopeException doesNotFit) {
                return null;
            }
        }
        return fitting;
    }

    private String noMethod(String name, List<?> arguments) {
        return object.getClass().getName() + " has no method " + name + " that takes " + types(arguments) + ". It has: "
                + String.join(", ", methods.keySet()) + ".";
    }

    private static String types(List<?> arguments) {
        return arguments.stream()
                .map(argument -> argument == null ? "null" : argument.getClass().getName())
                .toList()
                .toString();
    }
}
