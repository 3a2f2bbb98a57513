package dev.sage.samples.wordcount;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line of {@link WordCount}. */
@Command(
        name = "sage run word-count",
        description = "Counts the words of UTF-8 text. A word is a run of letters and decimal digits, in lower case.",
        customSynopsis = "sage run word-count --input PATH... [--top N] [--output FILE] [--parallelism N] [--verbose]",
        sortOptions = false)
final class Options {
    @Option(
            names = "--input",
            required = true,
            arity = "1..*",
            paramLabel = "PATH",
            description = "Files, and folders with all files below them.")
    List<Path> inputs = new ArrayList<>();

    @Option(
            names = "--top",
            paramLabel = "N",
            description = "Print the N most frequent words (${DEFAULT-VALUE}); 0 prints none.")
    int top = 10;

    @Option(
            names = "--output",
            paramLabel = "FILE",
            description = "Write all counts to this file: word, tab, count; the most frequent first.")
    @Nullable
    Path output;

    @Option(
            names = "--parallelism",
            paramLabel = "N",
            description = "How many instances of each operator run (${DEFAULT-VALUE}, one for each processor).")
    int parallelism = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--verbose",
            description = "Show the plan before, and each task's records in and out after the job.")
    boolean verbose;

    @Option(names = "--help", usageHelp = true, description = "Show this help.")
    boolean help;

    void check(CommandLine command) {
        if (top < 0) {
            throw new CommandLine.ParameterException(command, "--top is " + top + "; it must be at least 0.");
        }
        if (parallelism < 1) {
            throw new CommandLine.ParameterException(
                    command, "--parallelism is " + parallelism + "; it must be at least 1.");
        }
    }
}
