package dev.sage.samples.wordcount;

import dev.sage.api.Environment;
import dev.sage.api.JobResult;
import dev.sage.api.KeyValue;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.Results;
import dev.sage.api.SubmitOptions;
import dev.sage.samples.InputFiles;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;

/**
 * {@code sage run word-count --input README.md}: the words of files and folders with their counts. The pipeline is
 * {@link #counts}; the rest of the package reads options, shows progress, and writes the result.
 */
public final class WordCount {
    private final Options options;

    WordCount(Options options) {
        this.options = options;
    }

    public static void main(String[] args) throws Exception {
        Options options = new Options();
        CommandLine command = new CommandLine(options);
        if (!CommandLine.printHelpIfRequested(command.parseArgs(args))) {
            options.check(command);
            new WordCount(options).run();
        }
    }

    private void run() throws Exception {
        List<Path> files = InputFiles.of(options.inputs);
        CountFile output = options.output == null ? null : CountFile.at(options.output);
        List<KeyValue<String, Long>> ranked;
        try (Environment env = LocalEnvironment.create("word-count")) {
            ranked = Ranking.of(run(env, files));
        }
        if (output != null) {
            output.write(ranked);
        }
        if (options.top > 0) {
            System.out.print(CountTable.of(ranked.subList(0, Math.min(options.top, ranked.size()))));
        }
    }

    private List<KeyValue<String, Long>> run(Environment env, List<Path> files) throws InterruptedException {
        Results<KeyValue<String, Long>> counts = counts(env, files, options.parallelism);
        if (options.verbose) {
            System.err.println(env.explain());
        }
        JobResult result = ProgressLine.awaitClean(env.submit(SubmitOptions.autostop()));
        if (options.verbose) {
            System.err.print(TaskTable.of(result.tasks()));
        }
        return counts.list();
    }

    static Results<KeyValue<String, Long>> counts(Environment env, List<Path> files, int parallelism) {
        return env.fromFiles(files)
                .name("lines")
                .parallelism(parallelism)
                .<String>flatMap(line -> () -> new Words(line))
                .name("words")
                .parallelism(parallelism)
                .keyBy(word -> word)
                .count()
                .name("counts")
                .parallelism(parallelism)
                .collect();
    }
}
