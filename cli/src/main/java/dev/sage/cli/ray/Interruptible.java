package dev.sage.cli.ray;

import dev.sage.cli.Context;
import dev.sage.cli.Exit;

/**
 * Has the first signal interrupt the thread that works, which takes away what it had begun; the process ends after that,
 * with the code of the signal. The second one does not wait for it.
 */
final class Interruptible {
    private static final int HANGUP = 1;
    private static final int INTERRUPT = 2;
    private static final int TERMINATE = 15;

    private final Context context;
    private final Thread worker;

    private Interruptible(Context context, Thread worker) {
        this.context = context;
        this.worker = worker;
    }

    /** From now on, for the thread that calls this. */
    static void begin(Context context) {
        Interruptible begun = new Interruptible(context, Thread.currentThread());
        context.signals().on("HUP", () -> begun.signal(HANGUP));
        context.signals().on("INT", () -> begun.signal(INTERRUPT));
        context.signals().on("TERM", () -> begun.signal(TERMINATE));
    }

    private void signal(int number) {
        int code = Exit.SIGNAL + number;
        if (context.exit().settle(code)) {
            // On a line of its own: the terminal has just shown ^C, maybe behind a bar.
            context.err()
                    .printf("%nsage: interrupted; what was begun is taken away. Press Ctrl+C again to end at once.%n");
            worker.interrupt();
        } else {
            context.exit().endNow(code);
        }
    }
}
