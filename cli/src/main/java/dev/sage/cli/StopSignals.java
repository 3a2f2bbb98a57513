package dev.sage.cli;

import dev.sage.api.spi.LocalRuntimeProvider;
import java.io.PrintStream;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ctrl+C, SIGTERM and a closed terminal end the JVM by {@link Exit#end}. Without handlers the JVM would do nearly the
 * same; the handlers add a word to the user, a second signal that makes the clean-up hurry, and a third Ctrl+C that does
 * not wait for it. A third SIGTERM is no more than the second: whoever sends it has SIGKILL, too.
 */
final class StopSignals {
    private static final int HANGUP = 1;
    private static final int INTERRUPT = 2;
    private static final int TERMINATE = 15;

    private final Exit exit;
    private final PrintStream err;
    private final Runnable hurry;
    private final AtomicInteger received = new AtomicInteger();

    /** @param hurry makes the clean-up that runs hurry; must not wait for it */
    StopSignals(Exit exit, PrintStream err, Runnable hurry) {
        this.exit = exit;
        this.err = err;
        this.hurry = hurry;
    }

    static void handle(Context context) {
        StopSignals signals = new StopSignals(context.exit(), context.err(), StopSignals::hurryRuntime);
        context.signals().on("INT", signals::interrupt);
        context.signals().on("TERM", signals::terminate);
        context.signals().on("HUP", () -> context.exit().end(Exit.SIGNAL + HANGUP));
    }

    void interrupt() {
        int code = Exit.SIGNAL + INTERRUPT;
        int number = received.incrementAndGet();
        if (number > 2) {
            exit.endNow(code);
            return;
        }
        // On a line of its own: the terminal has just shown ^C, maybe behind a progress line.
        String begin = "%nsage: interrupted; the job is being cancelled and cleaned up. Press Ctrl+C again to hurry.%n";
        String again = "%nsage: in a hurry; what still runs is killed. Press Ctrl+C again to end at once.%n";
        end(code, number == 1 ? begin : again, number > 1);
    }

    void terminate() {
        boolean again = received.incrementAndGet() > 1;
        String begin = "sage: terminated; the job is being cancelled and cleaned up.%n";
        end(Exit.SIGNAL + TERMINATE, again ? "sage: in a hurry; what still runs is killed.%n" : begin, again);
    }

    private void end(int code, String message, boolean inHurry) {
        StderrLogging.showCleanup();
        boolean first = exit.settle(code);
        if (first || inHurry) {
            err.printf(message);
        }
        if (inHurry) {
            hurry.run();
        }
        exit.end(code);
    }

    /** There is no runtime where nothing has been run yet, and nothing to hurry then. */
    private static void hurryRuntime() {
        ServiceLoader.load(LocalRuntimeProvider.class, StopSignals.class.getClassLoader())
                .forEach(LocalRuntimeProvider::hurry);
    }
}
