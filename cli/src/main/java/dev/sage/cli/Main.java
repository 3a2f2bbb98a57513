package dev.sage.cli;

import java.util.List;
import picocli.CommandLine;

/** The main class of {@code bin/sage}. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        Exit exit = Exit.ofThisJvm();
        CommandLine command =
                SageCommand.commandLine(new FailureLine(exit, System.err), Context.ofThisProcess(exit), List.of(args));
        exit.end(command.execute(args));
    }
}
