package dev.sage.samples.rag;

import dev.sage.api.DataStream;
import dev.sage.api.Environment;
import dev.sage.api.JobException;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.MapFunction;
import dev.sage.api.ServiceDeclaration;
import dev.sage.api.Sinks;
import dev.sage.samples.InputFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;

/** {@code sage run rag --documents DIR --questions FILE}: one answer, as a line of JSON, for each line of questions. */
public final class Rag {
    private static final int CONCURRENCY = 8;

    private final Options options;

    private Rag(Options options) {
        this.options = options;
    }

    public static void main(String[] args) throws Exception {
        Options options = new Options();
        CommandLine command = new CommandLine(options).setCaseInsensitiveEnumValuesAllowed(true);
        if (!CommandLine.printHelpIfRequested(command.parseArgs(args))) {
            options.check(command);
            new Rag(options).run();
        }
    }

    private void run() throws Exception {
        List<Path> documents = InputFiles.of(List.of(options.documents), Documents::isText);
        List<Path> questions = InputFiles.of(List.of(options.questions));
        try (Environment env = LocalEnvironment.create("rag")) {
            DataStream<Answer> answers = answers(env, documents, questions);
            if (options.output == null) {
                answers.map(Json::line).print();
            } else {
                answers.sink(Sinks.jsonLines(options.output));
            }
            Lifecycle.print(env.run(), System.err);
        } catch (JobException e) {
            Lifecycle.print(e.result(), System.err);
            throw e;
        }
    }

    private DataStream<Answer> answers(Environment env, List<Path> documents, List<Path> questions) throws IOException {
        Search index = index(env, documents);
        int passages = options.top;
        return env.fromFiles(questions)
                .name("questions")
                .map(String::strip)
                .filter(question -> !question.isEmpty())
                .map(question -> new Evidence(question, index.search(question, passages)))
                .name("search")
                .mapAsync(CONCURRENCY, answering(env))
                .name("answer");
    }

    private Search index(Environment env, List<Path> documents) throws IOException {
        ServiceDeclaration<?> declared = switch (options.on) {
            case HERE -> env.service("index", () -> new LuceneIndex(documents)).concurrent(CONCURRENCY);
            case RAY -> env.service("index", RayIndex.of(documents, CONCURRENCY));
        };
        return declared.as(Search.class);
    }

    /** Without a model the best passage is the answer. */
    private MapFunction<Evidence, Answer> answering(Environment env) {
        if (options.model == null) {
            return Answer::bestPassage;
        }
        ChatModel.Settings settings = options.model.settings();
        Generator model = env.service("model", () -> new ChatModel(settings))
                .concurrent(CONCURRENCY)
                .as(Generator.class);
        return evidence -> new Answer(
                evidence.question(), model.generate(Prompt.of(evidence)), settings.model(), evidence.passages());
    }
}
