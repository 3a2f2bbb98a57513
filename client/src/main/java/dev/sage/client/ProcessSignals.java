package dev.sage.client;

import java.lang.reflect.Proxy;

/**
 * Handlers of signals, for programs of Sage that end in their own way. {@code sun.misc.Signal} is called by reflection
 * because javac warns about each mention of it. A signal that the process was started to ignore, as a shell does for
 * background jobs, stays ignored: the JVM looks after that.
 */
public final class ProcessSignals {
    private ProcessSignals() {}

    /**
     * Runs this at each signal of the name, {@code INT} or {@code TERM}, on a thread of its own that may wait. The JVM's
     * default stays where there is no such signal, or the JVM was told to leave signals alone.
     */
    public static void on(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object proxy = Proxy.newProxyInstance(
                    handler.getClassLoader(), new Class<?>[] {handler}, (self, method, given) -> {
                        action.run();
                        return null;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
        } catch (ReflectiveOperationException e) {
            // A JVM without sun.misc.Signal, a system without this signal, or -Xrs: the JVM's default stays.
        }
    }
}
