package dev.sage.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sage.acceptance.SageProcess.Ended;
import dev.sage.api.spi.Caretaker.Finding;
import dev.sage.api.spi.Caretaker.Findings;
import dev.sage.runtime.format.JacksonFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code bin/sage run -- COMMAND} and {@code bin/sage check}, as a user and a shell see them. */
@EnabledOnOs(OS.LINUX)
class CommandJobTest {
    /** With a child in a session of its own; asked to end, neither of them does. Says the ids of both, then its port. */
    private static final String DEAF = """
            trap '' TERM INT
            setsid sh -c 'trap "" TERM INT; while :; do sleep 1; done' &
            echo $$ $! %s
            while :; do sleep 1; done
            """;

    @TempDir
    private Path folder;

    private Outdoors outdoors;

    @BeforeEach
    void outside() throws Exception {
        SageProcess.prepare();
        outdoors = new Outdoors(folder);
    }

    @ParameterizedTest
    @CsvSource({"exit 0,0", "exit 3,3", "kill -KILL $$,137", "kill -TERM $$,143"})
    void theExitCodeIsThatOfTheCommand(String script, int code) throws Exception {
        Ended ended = outdoors.run("run", "--", "sh", "-c", "echo it runs; " + script);

        assertThat(ended.code()).isEqualTo(code);
        assertThat(ended.out()).containsExactly("it runs");
    }

    @Test
    void allThatACommandPrintsIsPrintedInItsOrderHoweverFast() throws Exception {
        List<String> toFile = List.of("bash", "-c", "exec \"$0\" \"$@\" >numbers.txt");
        List<String> command =
                Stream.of(toFile, outdoors.sage()).flatMap(List::stream).toList();

        try (SageProcess process = SageProcess.start(folder, command, "run", "--", "seq", "100000")) {
            assertThat(process.ended()).isEqualTo(new Ended(0, List.of(), List.of()));
        }
        assertThat(Files.readAllLines(folder.resolve("numbers.txt"))).isEqualTo(numbers(1, 100_000));
    }

    @Test
    void aCommandWaitsForASlowReaderAndNothingIsLost() throws Exception {
        try (SageProcess process = outdoors.start("run", "--", "sh", "-c", "seq 200000; touch printed")) {
            process.awaitOut("1");
            await().during(Duration.ofMillis(500)).until(() -> !Files.exists(folder.resolve("printed")));

            assertThat(process.restOfOut()).isEqualTo(numbers(2, 200_000));
            assertThat(process.ended().code()).isZero();
        }
        assertThat(folder.resolve("printed")).exists();
    }

    @Test
    void aCommandWhoseOutputNobodyReadsAnyMoreIsEnded() throws Exception {
        try (SageProcess process = outdoors.start("run", "--", "yes")) {
            process.awaitOut("y");
            process.closeOut();

            assertThat(process.ended().code()).isEqualTo(1);
        }
        outdoors.assertNothingIsLeft(List.of(), List.of());
    }

    @Test
    void portsAndGpusStandInTheArguments() throws Exception {
        Ended ended = outdoors.run(
                "run",
                "--gpus",
                "2",
                "--ports",
                "2",
                "--",
                "sh",
                "-c",
                "echo $CUDA_VISIBLE_DEVICES {gpu} {port} {ports}");

        assertThat(ended.code()).isZero();
        String[] words = ended.out().get(0).split(" ");
        assertThat(words).hasSize(4);
        assertThat(words[1]).isEqualTo(words[0]).matches("[0-3],[0-3]");
        assertThat(words[3]).matches(words[2] + ",\\d+");
        assertThat(ended.err())
                .containsExactly(
                        "sage: has GPUs " + words[1].replace(",", ", ") + " and ports " + words[3].replace(",", ", "));
    }

    @Test
    void aCommandThatCannotBeStartedIsOneLineAndExitCode127() throws Exception {
        Ended ended = outdoors.run("run", "--", "no-such-program");

        assertThat(ended.code()).isEqualTo(127);
        assertThat(ended.err())
                .singleElement()
                .asString()
                .startsWith("sage: Program 'no-such-program' cannot be started: it was not found in PATH");
    }

    @Test
    void moreGpusThanThereAreAreRefusedByTheSettingThatNamesThem() throws Exception {
        Ended ended = outdoors.run("run", "--gpus", "5", "--", "true");

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err())
                .containsExactly("sage: it asks for 5 GPUs, and 4 are configured (sage.gpus.ids). Ask for fewer, or"
                        + " configure more");
    }

    @ParameterizedTest
    @CsvSource({"INT,130,interrupted", "TERM,143,terminated"})
    void aSignalTellsLineByLineWhatIsGivenBack(String signal, int code, String word) throws Exception {
        try (SageProcess process = startDeaf()) {
            Said said = Said.by(process);
            process.signal(signal);

            Ended ended = process.ended();
            assertThat(ended.code()).isEqualTo(code);
            assertThat(String.join("\n", ended.err()))
                    .containsSubsequence(
                            "has GPU 0 and port " + said.port(),
                            word,
                            ": process command [stop-processes] released",
                            ": gpu 0 [release-resources] released",
                            ": port " + said.port() + " [release-resources] released",
                            " (run): CANCELLED, clean after ");
            outdoors.assertNothingIsLeft(said.processes(), List.of(said.port()));
        }
    }

    @Test
    void aSecondSignalKillsInsteadOfWaitingForTheGrace() throws Exception {
        String[] patient = {
            "-Dsage.process.stop-within=90s",
            "-Dsage.job-shutdown.phases.stop-tasks.timeout=100s",
            "-Dsage.job-shutdown.phases.stop-services.timeout=100s",
            "-Dsage.environment.close-timeout=400s"
        };
        try (SageProcess process = startDeaf(patient)) {
            Said said = Said.by(process);
            process.signal("INT");
            process.awaitErr("Press Ctrl+C again to hurry");
            long sinceNs = System.nanoTime();
            process.signal("TERM");

            Ended ended = process.ended();
            assertThat(Duration.ofNanos(System.nanoTime() - sinceNs)).isLessThan(Duration.ofSeconds(60));
            assertThat(ended.code()).isEqualTo(130);
            assertThat(String.join("\n", ended.err()))
                    .contains("in a hurry", ": process command", "CANCELLED, clean after");
            outdoors.assertNothingIsLeft(said.processes(), List.of(said.port()));
        }
    }

    @Test
    void whatAKilledSageLeavesIsFoundAndFreedByCheck() throws Exception {
        Said said;
        try (SageProcess process = startDeaf()) {
            said = Said.by(process);
            assertThat(outdoors.run("check").out())
                    .anyMatch(line -> line.startsWith(
                            "owner lives: process " + said.processes().get(0) + " of job"));
            process.signal("KILL");
            assertThat(process.ended().code()).isEqualTo(137);
        }
        Ended found = outdoors.run("check");
        assertThat(found.code()).isEqualTo(1);
        assertThat(found.out())
                .anyMatch(line -> line.startsWith("left: GPU 0 of job "))
                .anyMatch(line -> line.startsWith("left: port " + said.port() + " of job "))
                .anyMatch(line ->
                        line.startsWith("left: process " + said.processes().get(0) + " of job "))
                .last()
                .asString()
                .contains("sage check --sweep");

        Ended json = outdoors.run("check", "--json");
        assertThat(json.code()).isEqualTo(1);
        // What is missing in it, or too much, is an error.
        Findings findings = new JacksonFormat().read(json.out().get(0), Findings.class);
        assertThat(findings.clean()).isFalse();
        assertThat(findings.findings()).extracting(Finding::outcome).containsOnly("left");
        assertThat(findings.findings())
                .extracting(Finding::resource)
                .containsExactlyInAnyOrder(
                        "GPU 0",
                        "port " + said.port(),
                        "process " + said.processes().get(0));

        Ended swept = outdoors.run("check", "--sweep");
        assertThat(swept.code()).isZero();
        assertThat(swept.out()).hasSize(3).allMatch(line -> line.startsWith("freed: "));
        outdoors.assertNothingIsLeft(said.processes(), List.of(said.port()));
    }

    private SageProcess startDeaf(String... options) throws Exception {
        return SageProcess.start(
                folder,
                outdoors.sage(options),
                "run",
                "--gpus",
                "1",
                "--ports",
                "1",
                "--",
                "bash",
                "-c",
                DEAF.formatted("{port}"));
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(String::valueOf).toList();
    }

    /** By a command that has just begun. */
    private record Said(List<Long> processes, int port) {
        static Said by(SageProcess process) throws Exception {
            List<String> words = Arrays.asList(process.nextOut().split(" "));
            return new Said(
                    List.of(Long.valueOf(words.get(0)), Long.valueOf(words.get(1))), Integer.parseInt(words.get(2)));
        }
    }
}
