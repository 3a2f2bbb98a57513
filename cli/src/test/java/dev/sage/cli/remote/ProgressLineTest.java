package dev.sage.cli.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sage.cli.CommandRun;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String AWAY = "\r\u001b[K";

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream err = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    private final ProgressLine line = new ProgressLine(err, 70);

    @Test
    void whatReadsFilesHasAShareOfThem() throws Exception {
        line.show(progress(1_234_567, 43_000_000, 100_000_000));
        line.show(progress(1_334_567, 44_000_000, 100_000_000));

        await().atMost(SOON).untilAsserted(() -> assertThat(written()).contains("44%", "44/100 MB", "1.3M records"));
        assertThat(written().split("\r"))
                .allMatch(drawn -> drawn.replace("\u001b[K", "").length() < 70);
        line.end();
        assertThat(written()).endsWith(AWAY);
    }

    @Test
    void ofOthersTheRecordsAreCounted() throws Exception {
        line.show(progress(77, 0, 0));

        await().atMost(SOON).untilAsserted(() -> assertThat(written()).contains("77", "records"));
        line.end();
    }

    @Test
    void nothingIsDrawnAsLongAsNothingMoves() throws Exception {
        line.show(progress(0, 0, 0));
        line.end();
        line.show(progress(77, 0, 0));

        assertThat(written()).isEmpty();
    }

    @Test
    void otherLinesAreNeverOnTheSameLine() throws Exception {
        line.print(() -> err.println("before"));
        assertThat(written()).isEqualToNormalizingNewlines("before\n");
        line.show(progress(77, 0, 0));
        await().atMost(SOON).untilAsserted(() -> assertThat(written()).contains("77"));
        String drawn = written().substring(written().lastIndexOf(AWAY));
        line.print(() -> err.println("between"));

        assertThat(written()).endsWith(AWAY + "between" + System.lineSeparator() + drawn);
        line.end();
        line.print(() -> err.println("after"));
        assertThat(written()).endsWith(AWAY + "after" + System.lineSeparator());
    }

    @Test
    void anAttachedTerminalShowsItAndAnythingElseDoesNot() throws Exception {
        try (FakeNode node = new FakeNode()) {
            CountDownLatch end = new CountDownLatch(1);
            node
                    .json("GET /v1/jobs/0a", "{\"job\":{\"id\":\"0a\",\"running\":true}}")
                    .events("GET /v1/jobs/0a/logs", "{\"name\":\"a\",\"line\":\"a line\"}")
                    .events("GET /v1/jobs/0a/progress", progress(4_321, 0, 0).toString())
                    .stream("GET /v1/jobs/0a/events", out -> {
                end.await();
                out.write(FakeNode.event(
                        1, "{\"type\":\"ended\",\"result\":{\"state\":\"COMPLETED\",\"cleanup\":{\"lines\":[]}}}"));
            });
            CommandRun terminal = attached(node).errColumns(80);
            Thread attach = new Thread(() -> terminal.sage("attach", "0a"));
            attach.start();
            await().atMost(SOON).untilAsserted(() -> assertThat(terminal.err()).contains("4321"));
            end.countDown();
            attach.join(SOON.toMillis());
            assertThat(terminal.err()).endsWith(AWAY);

            CommandRun pipe = attached(node);
            assertThat(pipe.sage("attach", "0a")).isZero();
            CommandRun json = attached(node).errColumns(80);
            assertThat(json.sage("attach", "0a", "--json")).isZero();
            assertThat(pipe.err() + json.err()).doesNotContain("4321").doesNotContain("\r");
        }
    }

    private static CommandRun attached(FakeNode node) {
        return new CommandRun().set("SAGE_NODE", node.address()).set("SAGE_TOKEN", FakeNode.TOKEN);
    }

    private String written() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static Json progress(long records, long read, long total) throws IOException {
        return Json.parse("{\"state\":\"RUNNING\",\"tasks\":[{\"recordsIn\":" + records + ",\"bytesRead\":" + read
                + ",\"bytesTotal\":" + total + "},{\"recordsIn\":0}]}");
    }
}
