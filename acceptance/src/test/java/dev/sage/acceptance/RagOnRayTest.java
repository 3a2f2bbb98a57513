package dev.sage.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sage.acceptance.SageProcess.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code bin/sage} with a real Ray: the sample, and the cluster of the user that it runs on. */
@EnabledOnOs(OS.LINUX)
class RagOnRayTest {
    private static final Path DATA = SageProcess.root().resolve("samples/data/rag");

    @TempDir
    private Path folder;

    private Path home;

    @BeforeAll
    static void prepare() throws Exception {
        SageProcess.prepare();
    }

    @BeforeEach
    void makeHome() throws Exception {
        home = Files.createDirectory(folder.resolve("home"));
    }

    @Test
    void theIndexInPythonGivesTheAnswersOfTheOneHere() throws Exception {
        Path python = RayPython.find();
        Ended up = sage("ray", "up", "--cpus", "2", "--python", python.toString());
        assertThat(up.code()).as("%s", up).isZero();
        try {
            List<JsonNode> here = answers("here");
            List<JsonNode> onRay = answers("ray");

            assertThat(scores(onRay)).hasSameSizeAs(scores(here));
            for (int i = 0; i < scores(here).size(); i++) {
                // Python counts with more digits.
                assertThat(scores(onRay).get(i)).isCloseTo(scores(here).get(i), within(1e-5));
            }
            assertThat(withoutScores(onRay)).hasSize(11).isEqualTo(withoutScores(here));
        } finally {
            Ended down = sage("ray", "down", "--json");
            assertThat(down.code()).as("%s", down).isZero();
            assertThat(down.out())
                    .singleElement()
                    .asString()
                    .startsWith("{\"ended\":true,\"running\":true,\"started\":true,\"address\":\"127.0.0.1:");
        }
        assertThat(sage("ray", "status").code()).isEqualTo(3);
        assertThat(home.resolve("ledger")).isEmptyDirectory();
    }

    @ParameterizedTest
    @CsvSource({"run, INT, 130", "run, TERM, 143", "ray, INT, 130", "ray, TERM, 143"})
    void interruptedWhileRayIsInstalledNothingIsLeft(String command, String signal, int code) throws Exception {
        List<String> words = command.equals("run") ? rag("ray") : List.of("ray", "up");
        try (SageProcess sage = start(neverEndingPython(), words)) {
            sage.awaitErr("sage: Installing Ray");
            sage.awaitErr("sage: Downloading ray.whl (79.3 MB).");
            sage.signal(signal);
            Ended ended = sage.ended();
            assertThat(ended.code()).as("%s", ended).isEqualTo(code);
            assertThat(ended.err())
                    .anyMatch(line -> line.endsWith("Press Ctrl+C again to hurry.")
                            || line.endsWith("Press Ctrl+C again to end at once.")
                            || line.contains("terminated; "));
        }
        assertThat(ProcessHandle.allProcesses()
                        .filter(process ->
                                process.info().commandLine().orElse("").contains(folder.toString())))
                .isEmpty();
        try (Stream<Path> left = Files.list(home.resolve("ray"))) {
            assertThat(left).allMatch(file -> file.toString().endsWith(".lock"));
        }
    }

    /** One whose environments have a pip that downloads for ever. */
    private Path neverEndingPython() throws IOException {
        Path bin = Files.createDirectory(folder.resolve("bin"));
        Path pip =
                script(bin, "pip", "case \"$*\" in *ray==*) echo '  Downloading ray.whl (79.3 MB)'; sleep 600;; esac");
        script(bin, "python3", "mkdir -p \"$3/bin\" && cp " + pip + " \"$3/bin/python\"");
        return bin;
    }

    private static Path script(Path bin, String name, String text) throws IOException {
        Path file = Files.writeString(bin.resolve(name), "#!/bin/sh\n" + text + "\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    private List<JsonNode> answers(String place) throws Exception {
        Ended ended;
        try (SageProcess sage = start(folder, rag(place))) {
            ended = sage.ended();
        }
        assertThat(ended.code()).as("%s", ended).isZero();
        List<JsonNode> answers = new ArrayList<>();
        for (String line : ended.out()) {
            answers.add(new ObjectMapper().readTree(line));
        }
        return answers;
    }

    private static List<String> rag(String place) {
        return List.of(
                "run",
                "rag",
                "--documents",
                DATA.resolve("documents").toString(),
                "--questions",
                DATA.resolve("questions.txt").toString(),
                "--on",
                place);
    }

    private static List<Double> scores(List<JsonNode> answers) {
        return answers.stream()
                .flatMap(answer -> answer.findValues("score").stream())
                .map(JsonNode::doubleValue)
                .toList();
    }

    private static List<JsonNode> withoutScores(List<JsonNode> answers) {
        answers.forEach(answer -> answer.get("passages").forEach(passage -> ((ObjectNode) passage).remove("score")));
        return answers;
    }

    private Ended sage(String... words) throws Exception {
        try (SageProcess sage = start(folder, List.of(words))) {
            return sage.ended();
        }
    }

    /** @param first where programs are looked for first */
    private SageProcess start(Path first, List<String> words) throws IOException {
        List<String> command = List.of(
                "env",
                "SAGE_ARCHIVES=none",
                "SAGE_HOME=" + home,
                "PATH=" + first + ":" + System.getenv("PATH"),
                SageProcess.command().toString());
        return SageProcess.start(folder, command, words.toArray(String[]::new));
    }
}
