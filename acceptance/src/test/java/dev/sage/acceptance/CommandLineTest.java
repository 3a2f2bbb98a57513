package dev.sage.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sage.acceptance.SageProcess.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What a user sees of {@code bin/sage}: results, exit codes, signals, and what lies about afterwards. */
@EnabledOnOs(OS.LINUX)
class CommandLineTest {
    @TempDir
    private Path folder;

    @BeforeAll
    static void preparedForQuickStarts() throws Exception {
        SageProcess.prepare();
    }

    @Test
    void wordsAreCountedByOneCommand() throws Exception {
        Files.writeString(folder.resolve("text.txt"), "To be, or not to be\n");

        Ended ended = sage("run", "word-count", "--input", "text.txt", "--top", "3", "--output", "counts.tsv");

        assertThat(ended)
                .isEqualTo(new Ended(0, List.of("count  word", "    2  be", "    2  to", "    1  not"), List.of()));
        assertThat(folder.resolve("counts.tsv")).hasContent("be\t2\nto\t2\nnot\t1\nor\t1\n");
    }

    @Test
    void itRunsByASymbolicLinkFromAnyFolder() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("sage"), SageProcess.command());

        try (SageProcess process = SageProcess.start(Path.of("/"), List.of(link.toString()), "--version")) {
            assertThat(process.ended().code()).isZero();
        }
        Files.delete(link);
    }

    @Test
    void theWidthOfTheTerminalIsKnownToTheCommand() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "a pseudo-terminal");
        Path home = folder.resolve("java");
        Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"17.0.1\"\n");
        String line = "stty cols 133; JAVA_HOME=" + home + " SAGE_ARCHIVES=none " + SageProcess.command() + " job list";

        try (SageProcess process = SageProcess.start(folder, List.of("script", "-qec", line, "/dev/null"))) {
            assertThat(process.ended().out()).contains("-Dsage.stdout.columns=133", "-Dsage.terminal.columns=133");
        }
    }

    @Test
    void verboseShowsPlanAndCountsOfTasks() throws Exception {
        Files.writeString(folder.resolve("text.txt"), "one two\n");

        Ended ended = sage("run", "word-count", "--input", "text.txt", "--parallelism", "2", "--verbose");

        assertThat(ended.code()).isZero();
        assertThat(ended.err()).anyMatch(line -> line.contains("lines → words"));
        assertThat(ended.err()).anyMatch(line -> line.contains("records in   records out"));
    }

    @Test
    void questionsAreAnsweredOnStandardOutput() throws Exception {
        Path data = SageProcess.root().resolve("samples/data/rag");

        Ended ended = sage(
                "run",
                "rag",
                "--documents",
                data.resolve("documents").toString(),
                "--questions",
                data.resolve("questions.txt").toString());

        assertThat(ended.code()).isZero();
        assertThat(ended.out()).hasSize(11).allMatch(line -> line.startsWith("{\"question\":\""));
        assertThat(ended.err())
                .containsExactly(
                        "service index",
                        "  initialized: true",
                        "  was running: true",
                        "  cleanup called: true",
                        "  cleanup completed: true",
                        "  running: false (not running)");
    }

    @Test
    void aMissingFileIsOneLineAndExitCode1() throws Exception {
        Ended ended = sage("run", "word-count", "--input", "missing.txt", "--output", "counts.tsv");

        assertThat(ended).isEqualTo(new Ended(1, List.of(), List.of("sage: missing.txt: no such file or folder")));
        assertThat(left()).isEmpty();
    }

    @Test
    void aFullDiskIsOneLineAndExitCode1() throws Exception {
        Files.writeString(folder.resolve("text.txt"), "some words");

        Ended ended = sage("run", "word-count", "--input", "text.txt", "--output", "/dev/full");

        assertThat(ended).isEqualTo(new Ended(1, List.of(), List.of("sage: /dev/full: No space left on device")));
    }

    @Test
    void aFileThatCannotBeWrittenToItsEndLeavesNothing() throws Exception {
        String words = String.join(
                " ", IntStream.range(0, 20_000).mapToObj(n -> "w" + n).toList());
        Files.writeString(folder.resolve("text.txt"), words);
        List<String> limited = List.of(
                "bash",
                "-c",
                "ulimit -f 64; exec \"$0\" \"$@\"",
                SageProcess.command().toString());

        try (SageProcess process = SageProcess.start(
                folder, limited, "run", "word-count", "--input", "text.txt", "--output", "counts.tsv")) {
            assertThat(process.ended()).isEqualTo(new Ended(1, List.of(), List.of("sage: counts.tsv: File too large")));
        }
        assertThat(left()).containsExactly("text.txt");
    }

    @Test
    void standardOutputThatIsFullIsAFailure() throws Exception {
        Files.writeString(folder.resolve("text.txt"), "some words");
        List<String> toFull = List.of(
                "bash",
                "-c",
                "exec \"$0\" \"$@\" >/dev/full",
                SageProcess.command().toString());

        try (SageProcess process = SageProcess.start(folder, toFull, "run", "word-count", "--input", "text.txt")) {
            Ended ended = process.ended();
            assertThat(ended.code()).isEqualTo(1);
            assertThat(ended.err()).singleElement().asString().contains("Standard output could not be written");
        }
    }

    @Test
    void wrongUsageIsExitCode2() throws Exception {
        assertThat(sage("run", "word-cuont").code()).isEqualTo(2);
        assertThat(sage("run", "word-count", "--top", "3").code()).isEqualTo(2);
    }

    @Test
    void aFailingFunctionIsOneLineWithOperatorRecordAndCause() throws Exception {
        Ended ended = sage(
                "run", "--jar", ProgramJar.of(folder, FailingProgram.class), "--class", FailingProgram.class.getName());

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err())
                .singleElement()
                .asString()
                .contains("'divide'", "record 7", "ArithmeticException: / by zero");
    }

    @Test
    void interruptCancelsCleansUpAndIs130() throws Exception {
        try (SageProcess process = lasting()) {
            process.signal("INT");

            Ended ended = process.ended();
            assertThat(ended.code()).isEqualTo(130);
            assertThat(ended.err()).hasSize(4);
            assertThat(ended.err().get(0)).isEmpty();
            assertThat(ended.err().get(1)).contains("interrupted", "Press Ctrl+C again to hurry");
            assertThat(ended.err().get(2)).contains("service traces [cleanup-services] released");
            assertThat(ended.err().get(3)).contains("(lasting): CANCELLED, clean after");
        }
        assertThat(left()).containsExactlyInAnyOrder("LastingProgram.jar", "stopped", "cleaning", "cleaned");
    }

    @Test
    void terminateCancelsCleansUpAndIs143() throws Exception {
        try (SageProcess process = lasting()) {
            process.signal("TERM");

            Ended ended = process.ended();
            assertThat(ended.code()).isEqualTo(143);
            assertThat(ended.err()).hasSize(3);
            assertThat(ended.err().get(0)).contains("terminated");
            assertThat(ended.err().get(2)).contains("(lasting): CANCELLED, clean after");
        }
        assertThat(left()).containsExactlyInAnyOrder("LastingProgram.jar", "stopped", "cleaning", "cleaned");
    }

    @Test
    void aSecondInterruptGivesUpACleanUpThatHangs() throws Exception {
        try (SageProcess process = lasting("hang")) {
            process.signal("INT");
            process.awaitErr("Press Ctrl+C again to hurry");
            process.awaitOut("cleaning");
            process.signal("INT");

            Ended ended = process.ended();
            assertThat(ended.code()).isEqualTo(130);
            assertThat(ended.err())
                    .anyMatch(line -> line.contains("NOT clean") && line.contains("cleanup did not return"));
        }
        assertThat(left()).containsExactlyInAnyOrder("LastingProgram.jar", "stopped", "cleaning");
    }

    @Test
    void aThirdInterruptEndsAtOnce() throws Exception {
        List<String> withoutHurry = List.of(
                "env",
                "SAGE_JAVA_OPTS=-Dsage.job-shutdown.hurried-timeout=90s",
                SageProcess.command().toString());
        try (SageProcess process = lasting(withoutHurry, "hang")) {
            process.signal("INT");
            process.awaitErr("Press Ctrl+C again to hurry");
            process.awaitOut("cleaning");
            process.signal("INT");
            process.awaitErr("Press Ctrl+C again to end at once");
            long sinceNs = System.nanoTime();
            process.signal("INT");

            assertThat(process.ended().code()).isEqualTo(130);
            assertThat(Duration.ofNanos(System.nanoTime() - sinceNs)).isLessThan(Duration.ofSeconds(30));
        }
    }

    @Test
    void aJobInTheBackgroundOfAShellIgnoresInterrupts() throws Exception {
        List<String> background =
                List.of("env", "--ignore-signal=INT", SageProcess.command().toString());
        try (SageProcess process = lasting(background)) {
            process.signal("INT");
            process.signal("TERM");

            assertThat(process.ended().code()).isEqualTo(143);
        }
    }

    private Ended sage(String... arguments) throws Exception {
        try (SageProcess process = SageProcess.start(folder, arguments)) {
            return process.ended();
        }
    }

    private SageProcess lasting(String... more) throws IOException {
        return lasting(List.of(SageProcess.command().toString()), more);
    }

    /** Answers when the program's job runs. */
    private SageProcess lasting(List<String> command, String... more) throws IOException {
        String[] program = {
            "run",
            "--jar",
            ProgramJar.of(folder, LastingProgram.class),
            "--class",
            LastingProgram.class.getName(),
            folder.toString()
        };
        String[] arguments = Stream.of(program, more).flatMap(Stream::of).toArray(String[]::new);
        SageProcess process = SageProcess.start(folder, command, arguments);
        process.awaitOut("running");
        return process;
    }

    /** The names of what is in the folder. */
    private List<String> left() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
