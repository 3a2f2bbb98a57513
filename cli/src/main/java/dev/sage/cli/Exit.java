package dev.sage.cli;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/**
 * The one place that decides the exit code. After Ctrl+C the program's thread sees its job end as cancelled, and would
 * like to report a failure; but the first cause counts, here as in the life of a job: whoever settles the code first has
 * it, and everybody later ends with the same one.
 *
 * <p>{@link #end} is {@link System#exit}, which runs the shutdown hooks, and with them the clean-up of the runtime. The
 * second caller of it waits until the first one's exit has ended the JVM.
 */
public final class Exit {
    public static final int OK = 0;
    public static final int FAILURE = 1;
    public static final int USAGE = 2;
    /** No node runs here, or none can be reached. */
    public static final int NO_NODE = 3;
    /** What was waited for has not happened within the time given, as timeout(1) has it. */
    public static final int TIMED_OUT = 124;
    /** A command could not be started, as shells have it. */
    public static final int NOT_STARTED = 127;
    /** Plus the number of the signal, as shells have it. */
    public static final int SIGNAL = 128;

    private static final int UNSETTLED = -1;

    private final AtomicInteger settled = new AtomicInteger(UNSETTLED);
    private final IntConsumer exit;
    private final IntConsumer halt;

    Exit(IntConsumer exit, IntConsumer halt) {
        this.exit = exit;
        this.halt = halt;
    }

    static Exit ofThisJvm() {
        return new Exit(System::exit, Runtime.getRuntime()::halt);
    }

    /** Answers whether this cause is the first; only then is it worth telling the user about. */
    public boolean settle(int code) {
        return settled.compareAndSet(UNSETTLED, code);
    }

    /** Ends the JVM with its clean-up, with this code unless another one is settled. Does not return. */
    public void end(int code) {
        settle(code);
        exit.accept(settled.get());
    }

    /** Ends the JVM now, without any clean-up that has not happened yet. Does not return. */
    public void endNow(int code) {
        settle(code);
        halt.accept(settled.get());
    }
}
