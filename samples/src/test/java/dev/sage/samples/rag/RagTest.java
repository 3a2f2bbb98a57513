package dev.sage.samples.rag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import dev.sage.api.JobFailedException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RagTest {
    private static final Path DATA = Path.of("data", "rag");
    private static final String ALL_WELL = """
            service %s
              initialized: true
              was running: true
              cleanup called: true
              cleanup completed: true
              running: false (not running)
            """;

    private final PrintStream usualErr = System.err;
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path folder;

    private Path output;

    @BeforeEach
    void captureErr() {
        output = folder.resolve("answers.jsonl");
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void restoreErr() {
        System.setErr(usualErr);
    }

    @Test
    void everyQuestionOfTheSampleIsAnsweredInItsOrderFromTheRightDocument() throws Exception {
        rag();

        List<String> questions = Files.readAllLines(DATA.resolve("questions.txt"));
        List<JsonNode> answers = answers();
        assertThat(answers)
                .extracting(answer -> answer.get("question").textValue())
                .isEqualTo(questions);
        assertThat(answers).allSatisfy(answer -> {
            assertThat(answer.get("by").textValue()).isEqualTo("best passage");
            assertThat(answer.get("answer")).isEqualTo(answer.at("/passages/0/text"));
        });
        assertThat(answers.get(0).at("/passages/0/source").textValue()).isEqualTo("04-fresnel-lens.md");
        assertThat(answers.get(0).get("answer").textValue()).contains("Augustin Fresnel");
        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualToNormalizingNewlines(ALL_WELL.formatted("index"));
    }

    @Test
    void aQuestionWithoutAnyKnownWordHasNoAnswer() throws Exception {
        Path questions = Files.writeString(folder.resolve("questions.txt"), "\nxyzzy plugh?\n\n");

        rag("--questions", questions.toString());

        assertThat(answers()).singleElement().satisfies(answer -> {
            assertThat(answer.get("answer").isNull()).isTrue();
            assertThat(answer.get("passages")).isEmpty();
        });
    }

    @Test
    void aModelWordsTheAnswersWhenThereIsOne() throws Exception {
        HttpServer server = server(200, "{\"choices\":[{\"message\":{\"content\":\"As I read it.\"}}]}");
        try {
            rag("--llm-url", "http://localhost:" + server.getAddress().getPort(), "--llm-model", "small");
        } finally {
            server.stop(0);
        }

        assertThat(answers()).hasSize(11).allSatisfy(answer -> {
            assertThat(answer.get("answer").textValue()).isEqualTo("As I read it.");
            assertThat(answer.get("by").textValue()).isEqualTo("small");
            assertThat(answer.get("passages")).isNotEmpty();
        });
        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualToNormalizingNewlines(ALL_WELL.formatted("index") + ALL_WELL.formatted("model"));
    }

    @Test
    void aModelThatRefusesFailsTheJobAndLeavesNothingBehind() throws Exception {
        HttpServer server = server(400, "no such model");
        try {
            assertThatThrownBy(() -> rag(
                            "--llm-url",
                            "http://localhost:" + server.getAddress().getPort()))
                    .isInstanceOf(JobFailedException.class)
                    .hasMessageContaining("'answer'")
                    .hasMessageContaining("no such model");
        } finally {
            server.stop(0);
        }

        try (var left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualToNormalizingNewlines(ALL_WELL.formatted("index") + ALL_WELL.formatted("model"));
    }

    @Test
    void missingDocumentsAreNamedBeforeAnythingStarts() {
        assertThatThrownBy(() -> rag("--documents", "missing"))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessage("missing");
    }

    /** With the sample's data, where nothing else is given. */
    private void rag(String... options) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(options));
        arguments.addAll(List.of("--output", output.toString()));
        if (!arguments.contains("--documents")) {
            arguments.addAll(List.of("--documents", DATA.resolve("documents").toString()));
        }
        if (!arguments.contains("--questions")) {
            arguments.addAll(
                    List.of("--questions", DATA.resolve("questions.txt").toString()));
        }
        Rag.main(arguments.toArray(String[]::new));
    }

    private List<JsonNode> answers() throws Exception {
        List<JsonNode> answers = new ArrayList<>();
        for (String line : Files.readAllLines(output)) {
            answers.add(Json.MAPPER.readTree(line));
        }
        return answers;
    }

    private static HttpServer server(int status, String body) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/chat/completions", exchange -> {
            try (exchange) {
                exchange.getRequestBody().readAllBytes();
                byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(status, bytes.length);
                exchange.getResponseBody().write(bytes);
            }
        });
        server.start();
        return server;
    }
}
