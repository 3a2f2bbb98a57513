package dev.sage.cli;

import picocli.CommandLine;

/** The main class of {@code bin/sage}. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        Exit exit = Exit.ofThisJvm();
        StopSignals.handle(exit, System.err);
        CommandLine command = SageCommand.commandLine(new FailureLine(exit, System.err));
        exit.end(command.execute(args));
    }
}
