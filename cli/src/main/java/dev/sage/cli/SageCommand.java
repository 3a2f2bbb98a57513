package dev.sage.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** What stands before the subcommands, and how all of them treat wrong usage and failures. */
@Command(
        name = "sage",
        description = "Runs dataflow jobs, and leaves nothing behind.",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class SageCommand {

    static CommandLine commandLine(CommandLine.IExecutionExceptionHandler failures) {
        CommandLine sage = new CommandLine(new SageCommand());
        sage.addSubcommand(RunCommand.commandLine());
        sage.addSubcommand(new CheckCommand());
        sage.setExecutionExceptionHandler(failures);
        sage.setParameterExceptionHandler(SageCommand::wrongUsage);
        return sage;
    }

    /** One line on what is wrong and one on where to look; not the whole help, which would push the first off a screen. */
    private static int wrongUsage(CommandLine.ParameterException wrong, String[] args) {
        CommandLine command = wrong.getCommandLine();
        command.getErr().println("sage: " + wrong.getMessage());
        CommandLine.UnmatchedArgumentException.printSuggestions(wrong, command.getErr());
        command.getErr().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        return Exit.USAGE;
    }
}
