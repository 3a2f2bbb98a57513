package dev.sage.cli;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;

/** The main method of a program, run as the {@code java} command would, but in this JVM and on this thread. */
final class MainMethod {
    private final Method method;

    private MainMethod(Method method) {
        this.method = method;
    }

    static MainMethod of(String className, ClassLoader loader) throws ClassNotFoundException, NoSuchMethodException {
        Method method = Class.forName(className, false, loader).getMethod("main", String[].class);
        if (!Modifier.isStatic(method.getModifiers()) || !method.trySetAccessible()) {
            throw new NoSuchMethodException(className + ".main");
        }
        return new MainMethod(method);
    }

    /** Throws what the program throws; an error comes wrapped in a {@link ProgramError}. */
    void run(List<String> arguments) throws Exception {
        // The runtime and what else a program finds by ServiceLoader are looked for from here.
        Thread.currentThread().setContextClassLoader(method.getDeclaringClass().getClassLoader());
        try {
            method.invoke(null, (Object) arguments.toArray(String[]::new));
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Exception thrown) {
                throw thrown;
            }
            throw new ProgramError(e);
        }
    }
}
