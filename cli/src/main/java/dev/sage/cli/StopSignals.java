package dev.sage.cli;

import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ctrl+C, SIGTERM and a closed terminal end the JVM by {@link Exit#end}. Without handlers the JVM would do nearly the
 * same; the handlers add a word to the user, and a second Ctrl+C that does not wait for the clean-up.
 *
 * <p>{@code sun.misc.Signal} is called by reflection because javac warns about each mention of it. A signal that the
 * process was started to ignore, as a shell does for background jobs, stays ignored: the JVM looks after that.
 */
final class StopSignals {
    private static final int HANGUP = 1;
    private static final int INTERRUPT = 2;
    private static final int TERMINATE = 15;

    private final Exit exit;
    private final PrintStream err;
    private final AtomicBoolean interrupted = new AtomicBoolean();

    StopSignals(Exit exit, PrintStream err) {
        this.exit = exit;
        this.err = err;
    }

    static void handle(Exit exit, PrintStream err) {
        StopSignals signals = new StopSignals(exit, err);
        on("INT", signals::interrupt);
        on("TERM", signals::terminate);
        on("HUP", () -> exit.end(Exit.SIGNAL + HANGUP));
    }

    void interrupt() {
        int code = Exit.SIGNAL + INTERRUPT;
        if (interrupted.getAndSet(true)) {
            exit.endNow(code);
            return;
        }
        StderrLogging.showCleanup();
        if (exit.settle(code)) {
            // On a line of its own: the terminal has just shown ^C, maybe behind a progress line.
            err.println();
            err.println(
                    "sage: interrupted; the job is being cancelled and cleaned up. Press Ctrl+C again to end at once.");
        }
        exit.end(code);
    }

    void terminate() {
        int code = Exit.SIGNAL + TERMINATE;
        StderrLogging.showCleanup();
        if (exit.settle(code)) {
            err.println("sage: terminated; the job is being cancelled and cleaned up.");
        }
        exit.end(code);
    }

    /** The JVM calls a handler on a new thread for each signal, so that it may wait for the end. */
    private static void on(String name, Runnable action) {
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
