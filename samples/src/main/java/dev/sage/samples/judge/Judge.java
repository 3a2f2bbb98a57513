package dev.sage.samples.judge;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sage.api.CleanupReport;
import dev.sage.api.DataStream;
import dev.sage.api.Environment;
import dev.sage.api.JobException;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.ProcessEndpoint;
import dev.sage.api.ProcessService;
import dev.sage.api.Sinks;
import dev.sage.samples.InputFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sage run judge --answers FILE --judge SCRIPT}: each answer with its score, as a line of JSON. */
@Command(
        name = "sage run judge",
        description = "Scores answers by a Python server that runs beside the job, one line of JSON each.",
        sortOptions = false)
public final class Judge {
    private static final int CONCURRENCY = 8;
    private static final ObjectMapper JSON = new ObjectMapper();

    @Option(
            names = "--answers",
            required = true,
            paramLabel = "FILE",
            description = "One {\"question\": …, \"answer\": …, \"reference\": …} per line.")
    Path answers = Path.of("");

    @Option(
            names = "--judge",
            required = true,
            paramLabel = "SCRIPT",
            description = {
                "For python3, called with --port N: answers GET /health with 200 when it can be asked,",
                "and POST /score {\"answer\": …, \"reference\": …} with {\"score\": …}."
            })
    Path script = Path.of("");

    @Option(names = "--output", paramLabel = "FILE", description = "Where to write; standard output when not given.")
    @Nullable
    Path output;

    @Option(names = "--help", usageHelp = true, description = "Show this help.")
    boolean help;

    public static void main(String[] args) throws Exception {
        Judge judge = new Judge();
        if (!CommandLine.printHelpIfRequested(new CommandLine(judge).parseArgs(args))) {
            judge.run();
        }
    }

    private void run() throws Exception {
        InputFiles.of(List.of(answers, script));
        try (Environment env = LocalEnvironment.create("judge")) {
            DataStream<Candidate.Graded> graded = graded(env, answers, script);
            if (output == null) {
                graded.map(JSON::writeValueAsString).print();
            } else {
                graded.sink(Sinks.jsonLines(output));
            }
            print(env.run().cleanup());
        } catch (JobException e) {
            print(e.result().cleanup());
            throw e;
        }
    }

    /** In the order of the answers, while up to eight of them are being judged. */
    static DataStream<Candidate.Graded> graded(Environment env, Path answers, Path script) {
        ProcessEndpoint judge = env.service(
                        "judge",
                        ProcessService.command("python3", script.toString(), "--port", "{port}")
                                .readyOn("/health")
                                .readyWithin(Duration.ofSeconds(30)))
                .concurrent(CONCURRENCY)
                .as(ProcessEndpoint.class);
        return env.fromJsonLines(answers, Candidate.class)
                .name("answers")
                .mapAsync(
                        CONCURRENCY,
                        answer -> answer.graded(judge.post("/score", answer.asked(), Candidate.Score.class)))
                .name("score");
    }

    /** What the job held, the process and its port among it, and what became of it. */
    private static void print(CleanupReport cleanup) {
        cleanup.lines().forEach(System.err::println);
    }
}
