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
        int code = failure instanceof CommandFailure known ? known.exitCode() : Exit.FAILURE;
        if (exit.settle(code)) {
            say(failure instanceof ProgramError && failure.getCause() != null ? failure.getCause() : failure);
        }
        return code;
    }

    private void say(Throwable failure) {
        System.out.flush();
        err.println("sage: " + Failures.describe(failure));
        if (Verbosity.showsStackTraces()) {
            failure.printStackTrace(err);
        }
    }
}
