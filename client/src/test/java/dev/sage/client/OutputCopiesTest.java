package dev.sage.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sage.api.JobHandle;
import dev.sage.api.ProcessService;
import dev.sage.api.SageException;
import dev.sage.api.SubmitOptions;
import dev.sage.client.http.FakeNode;
import dev.sage.client.http.FakeNode.Answer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a program at the node has printed, as a file of here. */
@Timeout(60)
class OutputCopiesTest {
    private final FakeJobs jobs = new FakeJobs();
    private final FakeNode node = new FakeNode(jobs);
    private final AtomicInteger asked = new AtomicInteger();
    private RemoteEnvironment env;
    private JobHandle job;

    @BeforeEach
    void submit() {
        env = RemoteEnvironment.connect(
                "app", node.address().host(), node.address().port(), RemoteOptions.DEFAULT.token("secret"));
        env.service("my judge", ProcessService.command("judge"));
        job = env.submit(SubmitOptions.keepRunning());
    }

    @AfterEach
    void close() throws Exception {
        env.close();
        node.close();
    }

    @Test
    void copyIsWhatTheNodeHasAtTheMomentByteByByteAndOfTheUserAlone() throws Exception {
        byte[] bytes = new byte[300_000];
        new Random(7).nextBytes(bytes);
        answers(n -> FakeNode.answer(200, "text/plain", n == 1 ? text("first\n") : bytes));

        Path first = job.outputFile("my judge");

        assertThat(first).hasBinaryContent(text("first\n"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(first.getParent())))
                .isEqualTo("rwx------");
        assertThat(job.outputFile("my judge")).isEqualTo(first).hasBinaryContent(bytes);
        assertThat(first.getParent()).isDirectoryNotContaining(file -> !file.equals(first));
    }

    @Test
    void copyThatBreaksOffIsMadeAgain() {
        answers(n -> {
            Answer whole = FakeNode.answer(200, "text/plain", text("one\ntwo\n"));
            return n == 1 ? whole.cut(whole.bytes().length - 5) : whole;
        });

        assertThat(job.outputFile("my judge")).hasContent("one\ntwo\n");
    }

    @Test
    void nothingPrintedYetIsAnEmptyFileAndOtherRefusalsAreTold() {
        answers(n -> n == 1
                ? FakeNode.problem(404, "output.unknown", "It is not there.")
                : FakeNode.problem(404, "job.unknown", "There is no job j1."));

        assertThat(job.outputFile("my judge")).isEmptyFile();
        assertThatThrownBy(() -> job.outputFile("my judge")).hasMessageContaining("There is no job j1.");
        assertThatThrownBy(() -> job.outputFile("jury"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("my judge");
    }

    @Test
    void copiesAreDeletedWithTheEnvironment() {
        answers(n -> FakeNode.answer(200, "text/plain", text("x")));
        Path copy = job.outputFile("my judge");

        env.close();

        assertThat(copy.getParent()).doesNotExist();
        assertThatThrownBy(() -> job.outputFile("my judge"))
                .isInstanceOfSatisfying(
                        SageException.class, e -> assertThat(e.code()).isEqualTo("environment.closed"));
    }

    /** To requests for the output. */
    private void answers(IntFunction<Answer> nth) {
        jobs.first = request -> request.path().endsWith("/logs?name=my%20judge")
                ? Optional.of(nth.apply(asked.incrementAndGet()))
                : Optional.empty();
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
