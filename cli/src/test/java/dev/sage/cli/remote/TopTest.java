package dev.sage.cli.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sage.cli.CommandRun;
import dev.sage.cli.Exit;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code sage top} on a terminal: one stream, and no other question without a reason. */
class TopTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String RESET = "event: reset\ndata: {}\n\n";
    private static final String BREAK = "break";

    private final BlockingQueue<String> stream = new LinkedBlockingQueue<>();
    private final AtomicInteger number = new AtomicInteger();
    private FakeNode node;
    private CommandRun run;
    private CompletableFuture<Integer> top;

    @BeforeEach
    void start() throws Exception {
        node = new FakeNode();
        run = new CommandRun()
                .set("SAGE_NODE", node.address())
                .set("SAGE_TOKEN", FakeNode.TOKEN)
                .columns(120);
        node
                .json("GET /v1/jobs", "{\"jobs\":[" + job("0a1b2c3d", "QUEUED") + "]}")
                .json("GET /v1/resources", "{\"gpus\":[{\"id\":0,\"drained\":false}],\"waiting\":[]}")
                .stream("GET /v1/events", out -> {
            for (String next = stream.take(); !next.equals(BREAK); next = stream.take()) {
                out.write(("id: " + number.incrementAndGet() + "\n" + next).getBytes(StandardCharsets.UTF_8));
                out.flush();
            }
        });
        stream.add(RESET);
        top = CompletableFuture.supplyAsync(() -> run.sage("top", "--interval", "3600"));
        awaitScreen("0a1b2c3d  words  QUEUED");
    }

    @AfterEach
    void stop() throws Exception {
        node.problem("GET /v1/events", 401, "token.refused", "The token is not known here.", "Give another.");
        stream.add(BREAK);
        assertThat(top.get(20, TimeUnit.SECONDS)).isEqualTo(Exit.FAILURE);
        node.close();
    }

    @Test
    void aChangeIsShownAtOnceAndWithoutReadingTheList() {
        awaitAsked("GET /v1/jobs", 4);
        stream.add(change(job("0a1b2c3d", "RUNNING"), 1_234_567));
        awaitScreen("0a1b2c3d  words  RUNNING");
        assertThat(screen()).contains("1.2M");
        stream.add(change(job("ffff0000", "QUEUED"), 0));
        awaitScreen("ffff0000  words  QUEUED");
        stream.add(change(job("0a1b2c3d", "COMPLETED").replace("\"running\":true", "\"running\":false"), 9));
        await().atMost(SOON).until(() -> !screen().contains("0a1b2c3d"));
        assertThat(node.asked.stream().filter(asked -> asked.startsWith("GET /v1/jobs")))
                .hasSize(4);
    }

    @Test
    void progressAloneAsksForNothing() {
        awaitAsked("GET /v1/jobs", 4);
        stream.add(change(job("0a1b2c3d", "RUNNING"), 1));
        awaitAsked("GET /v1/resources", 3);
        stream.add(change(job("0a1b2c3d", "RUNNING"), 77));
        awaitScreen(" 77 ");
        assertThat(node.asked.stream().filter("GET /v1/resources"::equals)).hasSize(3);
    }

    @Test
    void theListIsReadAgainWhereChangesWereMissed() {
        awaitAsked("GET /v1/jobs", 4);
        node.json("GET /v1/jobs", "{\"jobs\":[" + job("eeee0000", "RUNNING") + "]}");
        stream.add(RESET);

        awaitScreen("eeee0000  words  RUNNING");
        assertThat(screen()).doesNotContain("0a1b2c3d");
    }

    @Test
    void aNodeThatIsAwayIsWaitedForWithItsLastStateInView() {
        stream.add(BREAK);
        awaitScreen("! The node at " + node.address());
        assertThat(screen()).contains("0a1b2c3d");
        stream.add(change(job("0a1b2c3d", "RUNNING"), 1));

        awaitScreen("RUNNING");
        assertThat(screen()).doesNotContain("! ");
        assertThat(node.headers).anyMatch(header -> header.equalsIgnoreCase("Last-Event-ID: 1"));
    }

    @Test
    void aRefusalEndsItAndIsTold() throws Exception {
        node.problem("GET /v1/events", 401, "token.refused", "The token is not known here.", "Give another.");
        stream.add(BREAK);

        assertThat(top.get(20, TimeUnit.SECONDS)).isEqualTo(Exit.FAILURE);
        assertThat(run.out()).endsWith("\u001b[?1049l");
        assertThat(run.err()).contains("does not take this token");
    }

    @Test
    void theTerminalIsAsItWasAfterCtrlC() {
        run.signal("INT");

        assertThat(run.out()).endsWith("\u001b[?1049l");
        assertThat(run.ends).containsExactly("exit 0");
    }

    private void awaitScreen(String words) {
        await().atMost(SOON).untilAsserted(() -> assertThat(screen()).contains(words));
    }

    private void awaitAsked(String request, int times) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(node.asked.stream().filter(asked -> asked.startsWith(request)))
                        .hasSize(times));
    }

    /** What was drawn last. */
    private String screen() {
        String out = run.out();
        return out.substring(Math.max(0, out.lastIndexOf("\u001b[H")));
    }

    private static String change(String job, long records) {
        return "event: job\ndata: {\"job\":" + job + ",\"done\":{\"records\":" + records
                + ",\"bytesRead\":0,\"bytesTotal\":0}}\n\n";
    }

    private static String job(String id, String state) {
        return "{\"id\":\"" + id + "\",\"name\":\"words\",\"owner\":\"me\",\"state\":\"" + state
                + "\",\"taskCount\":2,\"serviceCount\":0,\"running\":true,\"submittedAt\":\"2026-01-01T00:00:00Z\"}";
    }
}
