package dev.sage.samples.rag;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line of {@link Rag}. */
@Command(
        name = "sage run rag",
        description = "Answers each question with the best passages of the documents, one line of JSON each.",
        sortOptions = false)
final class Options {
    @Option(
            names = "--documents",
            required = true,
            paramLabel = "DIR",
            description = "A folder of .txt and .md files in UTF-8.")
    Path documents = Path.of("");

    @Option(names = "--questions", required = true, paramLabel = "FILE", description = "One question per line.")
    Path questions = Path.of("");

    @Option(names = "--output", paramLabel = "FILE", description = "Where to write; standard output when not given.")
    @Nullable
    Path output;

    @Option(
            names = "--top",
            paramLabel = "N",
            description = "How many passages to show for a question (${DEFAULT-VALUE}).")
    int top = 3;

    @Option(
            names = "--on",
            paramLabel = "PLACE",
            description = {
                "Where the index is: here, in this program, or ray, as a class of Python in an actor of Ray; here when"
                        + " not given. Where no Ray is up, one is started, and downloaded when there is none."
            })
    Place on = Place.HERE;

    @Option(names = "--help", usageHelp = true, description = "Show this help.")
    boolean help;

    @ArgGroup(exclusive = false, heading = "A language model that words the answers:%n")
    @Nullable
    Model model;

    void check(CommandLine command) {
        if (top < 1) {
            throw new CommandLine.ParameterException(command, "--top is " + top + "; it must be at least 1.");
        }
        if (model != null && model.timeoutSeconds < 1) {
            throw new CommandLine.ParameterException(
                    command, "--llm-timeout is " + model.timeoutSeconds + "; it must be at least 1 second.");
        }
    }

    /** Where the index is. */
    enum Place {
        HERE,
        RAY
    }

    static final class Model {
        @Option(
                names = "--llm-url",
                required = true,
                paramLabel = "URL",
                description = {
                    "An OpenAI-compatible server, for example http://localhost:8000/v1.",
                    "The key is taken from the environment variable OPENAI_API_KEY, if it is set."
                })
        URI url = URI.create("");

        @Option(names = "--llm-model", paramLabel = "NAME", description = "The model's name (${DEFAULT-VALUE}).")
        String name = "default";

        @Option(
                names = "--llm-timeout",
                paramLabel = "SECONDS",
                description = "How long a request may take (${DEFAULT-VALUE}); it is tried again up to "
                        + (ChatModel.ATTEMPTS - 1) + " times.")
        int timeoutSeconds = 30;

        ChatModel.Settings settings() {
            String key = System.getenv("OPENAI_API_KEY");
            return new ChatModel.Settings(url, name, key == null ? "" : key, Duration.ofSeconds(timeoutSeconds));
        }
    }
}
