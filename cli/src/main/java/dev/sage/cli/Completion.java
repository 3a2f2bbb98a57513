package dev.sage.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sage completion}. */
@Command(
        addMethodSubcommands = false,
        name = "completion",
        sortOptions = false,
        description = "%nPrints what makes a shell complete the words of this command.%n",
        footer = {
            "%nExamples:",
            "  source <(sage completion bash)",
            "  sage completion bash > ~/.local/share/bash-completion/completions/sage"
        })
final class Completion implements Callable<Integer> {
    private enum Shell {
        bash,
        zsh
    }

    private final Context context;

    @Parameters(paramLabel = "SHELL", description = "One of: ${COMPLETION-CANDIDATES}.")
    private Shell shell;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    Completion(Context context) {
        this.context = context;
    }

    /** The script looks itself which of the two shells reads it. */
    @Override
    public Integer call() {
        context.out().println("# Words of sage, for " + shell + ".");
        context.out().print(AutoComplete.bash("sage", SageCommand.whole(context)));
        context.out().flush();
        return Exit.OK;
    }
}
