package dev.sage.cli.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sage.api.CommandFailedException;
import dev.sage.cli.CommandRun;
import dev.sage.cli.Exit;
import dev.sage.client.wire.Wire;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code sage submit -- COMMAND} and {@code sage attach}. */
class SubmitTest {
    private static final String JOB = "{\"id\":\"0a1b2c3d\",\"name\":\"echo\",\"state\":\"QUEUED\",\"running\":true}";
    private static final String CLEANED = "{\"type\":\"cleaned-up\",\"at\":\"PT1S\",\"line\":{\"kind\":\"process\","
            + "\"name\":\"echo\",\"step\":\"stop\",\"outcome\":\"RELEASED\",\"reason\":\"\",\"duration\":\"PT0.005S\"}}";

    private FakeNode node;
    private CommandRun run;

    @BeforeEach
    void start() throws Exception {
        node = new FakeNode();
        run = new CommandRun().set("SAGE_NODE", node.address()).set("SAGE_TOKEN", FakeNode.TOKEN);
        node.json("POST /v1/jobs", JOB)
                .json("GET /v1/jobs/0a1b2c3d", "{\"job\":" + JOB + "}")
                .json("PUT /v1/jobs/0a1b2c3d/lease", "{\"jobId\":\"0a1b2c3d\",\"timeToLive\":\"PT30S\"}");
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void aDetachedCommandIsItsIdAndNeedsNoClient() {
        assertThat(run.sage("submit", "--gpus", "1", "--name", "n", "--detach", "--", "echo", "--gpus", "{gpu}"))
                .isZero();
        assertThat(run.out()).isEqualToNormalizingNewlines("0a1b2c3d\n");
        assertThat(node.asked)
                .singleElement()
                .asString()
                .contains("\"name\":\"n\"", "[\"echo\",\"--gpus\",\"{gpu}\"]", "\"gpus\":1", "\"detached\":true")
                .contains("\"autostop\":true", "\"directory\":\"");
        assertThat(node.headers)
                .anyMatch(header -> header.toLowerCase(Locale.ROOT).startsWith("idempotency-key: "));
    }

    @Test
    void anAttachedCommandShowsItsOutputAndHoldsItsLease() {
        node.events("GET /v1/jobs/0a1b2c3d/logs", "{\"name\":\"command\",\"line\":\"hello\"}")
                .events("GET /v1/jobs/0a1b2c3d/events", CLEANED, ended("COMPLETED", ""));

        assertThat(run.sage("submit", "--", "echo", "hello")).isZero();
        assertThat(run.out()).isEqualToNormalizingNewlines("hello\n");
        assertThat(run.err()).isEmpty();
        await().untilAsserted(() -> assertThat(node.asked).contains("PUT /v1/jobs/0a1b2c3d/lease"));
    }

    @Test
    void theExitCodeIsThatOfTheCommand() throws Exception {
        String cause = Wire.mapper()
                .writeValueAsString(new CommandFailedException("'false' ended with exit code 7.", 7, List.of()));
        String failure =
                ",\"failure\":{\"origin\":\"OPERATOR\",\"name\":\"command\",\"step\":\"run\",\"message\":\"it ended\","
                        + "\"cause\":" + cause + "}";
        node.events("GET /v1/jobs/0a1b2c3d/logs").events("GET /v1/jobs/0a1b2c3d/events", ended("FAILED", failure));

        assertThat(run.sage("submit", "--", "false")).isEqualTo(7);
        assertThat(run.err()).contains("job 0a1b2c3d is FAILED", "'false' ended with exit code 7.");
    }

    @Test
    void anInterruptCancelsTheJobAndTellsItsCleanUp() throws Exception {
        CountDownLatch cancelled = new CountDownLatch(1);
        node.events("GET /v1/jobs/0a1b2c3d/logs").stream("GET /v1/jobs/0a1b2c3d/events", out -> {
                    out.flush();
                    cancelled.await();
                    out.write(FakeNode.event(1, CLEANED));
                    out.write(FakeNode.event(2, ended("CANCELLED", "")));
                })
                .stream("POST /v1/jobs/0a1b2c3d/cancel", out -> {
            out.write(JOB.getBytes(StandardCharsets.UTF_8));
            cancelled.countDown();
        });
        CompletableFuture<Integer> code = CompletableFuture.supplyAsync(() -> run.sage("submit", "--", "sleep", "9"));
        await().until(() -> run.handles("TERM") && node.asked.stream().anyMatch(asked -> asked.contains("/events")));

        run.signal("INT");

        // The process would end with 130, which is settled; the command itself only says that the job did not end well.
        assertThat(code.get()).isEqualTo(Exit.FAILURE);
        assertThat(run.context().exit().settle(0)).isFalse();
        assertThat(run.err())
                .contains("is being cancelled", "process echo [stop] released", "job 0a1b2c3d is CANCELLED");
        assertThat(run.ends).isEmpty();
        run.signal("INT");
        assertThat(run.ends).containsExactly("halt 130");
    }

    @Test
    void anInterruptWithoutANodeEndsAtOnceWithAWarning() throws Exception {
        node
                .events("GET /v1/jobs/0a1b2c3d/logs")
                .problem("POST /v1/jobs/0a1b2c3d/cancel", 503, "node.stopping", "The node ends.", "Wait.")
                .stream("GET /v1/jobs/0a1b2c3d/events", out -> {
            out.flush();
            new CountDownLatch(1).await();
        });
        Thread waiting = new Thread(() -> run.sage("submit", "--", "sleep", "9"));
        waiting.setDaemon(true);
        waiting.start();
        await().until(() -> run.handles("TERM") && node.asked.stream().anyMatch(asked -> asked.contains("/events")));

        run.signal("TERM");

        assertThat(run.ends).containsExactly("halt 143");
        assertThat(run.err()).contains("The node ends. Wait. An attached job ends when its client is not heard of");
    }

    @Test
    void attachingTellsEventsAndAsksNothingOfTheJobOnASignal() {
        node.events("GET /v1/jobs/0a1b2c3d/logs", "{\"name\":\"print\",\"line\":\"1\"}")
                .events(
                        "GET /v1/jobs/0a1b2c3d/events",
                        "{\"type\":\"task-started\",\"at\":\"PT1S\",\"task\":\"count/0\"}",
                        ended("STOPPED", ""));
        assertThat(run.sage("attach", "0a1b2c3d")).isZero();

        assertThat(run.out()).isEqualToNormalizingNewlines("1\n");
        assertThat(run.err()).contains("task-started count/0");
        assertThat(run.handles("INT")).isFalse();
        assertThat(node.asked).noneMatch(asked -> asked.contains("lease"));

        assertThat(run.sage("attach", "0a1b2c3d", "--cancel", "--json")).isZero();
        assertThat(run.handles("INT")).isTrue();
        assertThat(run.out()).contains("{\"type\":\"task-started\"");
    }

    @Test
    void whatIsForOneKindIsWrongForTheOther() {
        assertThat(run.sage("submit")).isEqualTo(Exit.USAGE);
        assertThat(run.sage("submit", "--")).isEqualTo(Exit.USAGE);
        assertThat(run.sage("submit", "--gpus", "-1", "--", "true")).isEqualTo(Exit.USAGE);
        assertThat(run.sage("submit", "--gpus", "1", "app.jar")).isEqualTo(Exit.USAGE);
        assertThat(run.sage("submit", "--class", "A", "--", "true")).isEqualTo(Exit.USAGE);
        assertThat(run.sage("submit", "--directory", "here", "--", "true")).isEqualTo(Exit.USAGE);
        assertThat(run.err())
                .contains(
                        "Nothing stands behind --",
                        "--gpus is -1",
                        "--class is for programs in Java",
                        "must be absolute");
        assertThat(node.asked).isEmpty();
    }

    private static String ended(String state, String failure) {
        return "{\"type\":\"ended\",\"at\":\"PT2S\",\"result\":{\"id\":\"0a1b2c3d\",\"state\":\"" + state
                + "\",\"reason\":\"so it is\",\"cleanup\":{\"lines\":[]}" + failure + "}}";
    }
}
