package dev.sage.cli;

import java.io.PrintStream;
import picocli.CommandLine;

/** Says on one line why a program failed, unless something else, a signal, has ended it: then that was said already. */
final class FailureLine implements CommandLine.IExecutionExceptionHandler {
    private final Exit exit;
    private final PrintStream err;

    FailureLine(Exit exit, PrintStream err) {
        this.exit = exit;
        this.err = err;
    }

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
        if (exit.settle(Exit.FAILURE)) {
            say(failure instanceof ProgramError && failure.getCause() != null ? failure.getCause() : failure);
        }
        return Exit.FAILURE;
    }

    private void say(Throwable failure) {
        System.out.flush();
        err.println("sage: " + Failures.describe(failure));
        if (Verbosity.showsStackTraces()) {
            failure.printStackTrace(err);
        }
    }
}
