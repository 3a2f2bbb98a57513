package dev.sage.runtime.process;

import static dev.sage.runtime.process.ProcessLab.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ProcessOutputTest {
    @RegisterExtension
    final ProcessLab lab = new ProcessLab();

    private final List<String> heard = Collections.synchronizedList(new ArrayList<>());

    @Test
    void filesAreRotatedAtTheEndsOfLinesAndTheOldestGo() throws Exception {
        ProcessOutput output = output(100, 3);
        String text = IntStream.range(0, 60).mapToObj(i -> "line " + i + "\n").collect(Collectors.joining());

        readAll(output, text);

        String kept = text(".2") + text(".1") + text("");
        assertThat(text).endsWith(kept);
        assertThat(kept).hasSizeGreaterThan(200).startsWith("line ");
        assertThat(lab.folder.resolve("it.log.3")).doesNotExist();
        for (String suffix : List.of(".2", ".1")) {
            assertThat(text(suffix)).endsWith("\n").hasSizeBetween(100, 110);
        }
    }

    @Test
    void oneFileIsBegunAnew() throws Exception {
        readAll(output(50, 1), "a line of it\n".repeat(20));

        assertThat(text("").length()).isLessThan(50 + 13);
        assertThat(lab.folder.resolve("it.log.1")).doesNotExist();
    }

    @Test
    void aProgramThatNeverEndsItsLineIsRotatedNevertheless() throws Exception {
        readAll(output(1000, 2), "x".repeat(1_000_000));

        assertThat(Files.size(log(""))).isLessThan(1000 + 4096 + 16 * 1024);
        assertThat(Files.size(log(".1"))).isLessThan(1000 + 4096 + 16 * 1024);
    }

    @Test
    void theNextProgramAppends() throws Exception {
        readAll(output(1000, 2), "first\n");
        readAll(output(1000, 2), "second\n");

        assertThat(text("")).isEqualTo("first\nsecond\n");
    }

    @Test
    void linesAreToldAsTheyCome() throws Exception {
        ProcessOutput output = output(1000, 2);
        PipedOutputStream program = new PipedOutputStream();
        output.open();
        output.read(new PipedInputStream(program), new CompletableFuture<>());

        program.write("one\nhalf a".getBytes(StandardCharsets.UTF_8));
        program.flush();
        await().atMost(LIMIT).untilAsserted(() -> assertThat(heard).containsExactly("one"));
        assertThat(text("")).isEqualTo("one\nhalf a");
        program.write(" line".getBytes(StandardCharsets.UTF_8));
        program.close();

        assertThat(output.awaitEnd(LIMIT)).isTrue();
        assertThat(heard).containsExactly("one", "half a line");
        assertThat(output.lastLines()).containsExactly("one", "half a line");
    }

    @Test
    void aFollowerWithoutRoomHoldsTheProgramUpButNotWhatItLeavesAtItsExit() throws Exception {
        CompletableFuture<Void> room = new CompletableFuture<>();
        CompletableFuture<Void> exit = new CompletableFuture<>();
        ProcessOutput output = new ProcessOutput(log(""), heldUp(room), ProcessLab.SETTINGS, lab.threads);
        PipedOutputStream program = new PipedOutputStream();
        output.open();
        output.read(new PipedInputStream(program), exit);

        program.write("one\n".getBytes(StandardCharsets.UTF_8));
        program.flush();
        await().atMost(LIMIT).untilAsserted(() -> assertThat(heard).containsExactly("one"));
        program.write("two\n".getBytes(StandardCharsets.UTF_8));
        program.close();
        assertThat(output.awaitEnd(Duration.ofMillis(100))).isFalse();
        assertThat(heard).containsExactly("one");

        exit.complete(null);
        assertThat(output.awaitEnd(LIMIT)).isTrue();
        assertThat(heard).containsExactly("one", "two");
    }

    @Test
    void aFollowerThatHasRoomAgainHearsTheRest() throws Exception {
        CompletableFuture<Void> room = new CompletableFuture<>();
        ProcessOutput output = new ProcessOutput(log(""), heldUp(room), ProcessLab.SETTINGS, lab.threads);
        output.open();
        output.read(
                new ByteArrayInputStream("one\n".repeat(10_000).getBytes(StandardCharsets.UTF_8)),
                new CompletableFuture<>());
        assertThat(output.awaitEnd(Duration.ofMillis(100))).isFalse();

        room.complete(null);
        assertThat(output.awaitEnd(LIMIT)).isTrue();
        assertThat(heard).hasSize(10_000);
    }

    @Test
    void aProgramWhoseOutputCannotBeWrittenRunsOn() throws Exception {
        ProcessOutput output = output(10, 2);
        Files.createDirectory(log(".1"));
        Files.createFile(log(".1").resolve("in the way"));
        readAll(output, "a first line\nanother\n");

        assertThat(heard).containsExactly("a first line", "another");
        lab.awaitWarning("The output of a program cannot be written to");
    }

    private OutputFollower heldUp(CompletableFuture<?> room) {
        return new OutputFollower() {
            @Override
            public void line(String line) {
                heard.add(line);
            }

            @Override
            public CompletableFuture<?> room() {
                return room;
            }
        };
    }

    private ProcessOutput output(long fileBytes, int files) {
        ProcessSettings s = ProcessLab.SETTINGS;
        ProcessSettings settings = new ProcessSettings(
                s.stopWithin(),
                s.killWithin(),
                s.readyWithin(),
                fileBytes,
                files,
                s.lineBytes(),
                s.lastLines(),
                s.followLines(),
                s.answerBytes());
        return new ProcessOutput(log(""), heard::add, settings, lab.threads);
    }

    private static void readAll(ProcessOutput output, String text) throws IOException, InterruptedException {
        output.open();
        output.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), new CompletableFuture<>());
        assertThat(output.awaitEnd(Duration.ofSeconds(20))).isTrue();
    }

    private Path log(String suffix) {
        return lab.folder.resolve("it.log" + suffix);
    }

    private String text(String suffix) throws IOException {
        return Files.readString(log(suffix));
    }
}
