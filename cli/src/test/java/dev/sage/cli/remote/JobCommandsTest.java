package dev.sage.cli.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.cli.CommandRun;
import dev.sage.cli.Exit;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JobCommandsTest {
    private static final String JOB = job("0a1b2c3d", "RUNNING");
    private static final String STARTED =
            "{\"type\":\"state-changed\",\"at\":\"PT0.5S\",\"from\":\"QUEUED\",\"to\":\"STARTING\","
                    + "\"reason\":\"its turn\"}";

    private FakeNode node;
    private CommandRun run;

    @BeforeEach
    void start() throws Exception {
        node = new FakeNode();
        run = new CommandRun().set("SAGE_NODE", node.address()).set("SAGE_TOKEN", FakeNode.TOKEN);
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void aListIsATableOfJobs() {
        node.json("GET /v1/jobs", "{\"jobs\":[" + JOB + "]}");

        run.at("2026-01-01T01:02:03Z");
        assertThat(run.sage("job", "list", "--state", "running,idle", "--name", "a b"))
                .isZero();
        assertThat(run.out().lines().toList())
                .hasSize(2)
                .satisfies(lines ->
                        assertThat(lines.get(0)).matches("ID +NAME +STATE +AGE +TASKS +SERVICES +OWNER +CAUSE"))
                .satisfies(lines -> assertThat(lines.get(1)).startsWith("0a1b2c3d  words  RUNNING  1h02m "));
        assertThat(node.asked).containsExactly("GET /v1/jobs?limit=50&state=RUNNING,IDLE&name=a%20b");
    }

    @Test
    void aTableFitsTheTerminal() {
        String longCause = JOB.replace("\"cause\":\"\"", "\"cause\":\"" + "x".repeat(200) + "\"");
        node.json("GET /v1/jobs", "{\"jobs\":[" + longCause + "]}");

        run.columns(70).sage("job", "list");

        assertThat(run.out().lines()).allMatch(line -> line.length() <= 70).anyMatch(line -> line.endsWith("…"));
    }

    @Test
    void noJobsAreSaidToBeNone() {
        node.json("GET /v1/jobs", "{\"jobs\":[]}");

        assertThat(run.sage("job", "list")).isZero();
        assertThat(run.out()).isEqualToNormalizingNewlines("There are no such jobs.\n");
    }

    @Test
    void jsonIsWhatTheNodeAnswered() {
        node.json("GET /v1/jobs", "{\"jobs\": [" + JOB + "], \"next\": \"n\", \"later\": 1.5}");

        assertThat(run.sage("job", "list", "--json")).isZero();
        assertThat(run.out()).isEqualToNormalizingNewlines("{\"jobs\":[" + JOB + "],\"next\":\"n\",\"later\":1.5}\n");
    }

    @Test
    void allPagesAreOneDocumentAndOneTable() {
        node.json("GET /v1/jobs?limit=1000", "{\"jobs\":[" + JOB + "],\"next\":\"p2\"}")
                .json("GET /v1/jobs?limit=1000&after=p2", "{\"jobs\":[" + job("ffff0000", "FAILED") + "]}");

        assertThat(run.sage("job", "list", "--all", "--json")).isZero();
        assertThat(run.out())
                .isEqualToNormalizingNewlines("{\"jobs\":[" + JOB + "," + job("ffff0000", "FAILED") + "]}\n");

        CommandRun table = new CommandRun().set("SAGE_NODE", node.address()).set("SAGE_TOKEN", FakeNode.TOKEN);
        assertThat(table.sage("job", "list", "--all")).isZero();
        assertThat(table.out()).contains("0a1b2c3d", "ffff0000").containsOnlyOnce("NAME");
    }

    @Test
    void thatThereAreMoreIsTold() {
        node.json("GET /v1/jobs", "{\"jobs\":[" + JOB + "],\"next\":\"p2\"}");

        assertThat(run.sage("job", "list", "--limit", "1")).isZero();
        assertThat(run.err()).contains("there are more; --limit N or --all");
    }

    @Test
    void aStateThatIsNoneIsWrongUsageWithASuggestion() {
        assertThat(run.sage("job", "list", "--state", "runing")).isEqualTo(Exit.USAGE);
        assertThat(run.err()).contains("no state 'runing'", "Did you mean 'running'?", "timed_out");
        assertThat(node.asked).isEmpty();
    }

    @Test
    void aJobIsShownWithWhatItHoldsAndHowItEnded() {
        node.json(
                "GET /v1/jobs/0a",
                "{\"job\":" + JOB
                        + ",\"progress\":{\"state\":\"RUNNING\",\"tasks\":[]},\"leases\":{\"holders\":{\"judge\":"
                        + "{\"gpus\":[0,3],\"ports\":[8080]}}},\"outputs\":[\"judge\"],\"collected\":[],\"result\":{\"tasks\":["
                        + "{\"name\":\"count\",\"instance\":1,\"operators\":[\"a\",\"b\"],\"recordsIn\":7,\"recordsOut\":3}],"
                        + "\"cleanup\":{\"lines\":[{\"kind\":\"gpu\",\"name\":\"3\",\"step\":\"release\","
                        + "\"outcome\":\"RELEASED\",\"reason\":\"\",\"duration\":\"PT0.012S\"}]}}}");

        assertThat(run.sage("job", "show", "0a")).isZero();
        assertThat(run.out())
                .contains(
                        "0a1b2c3d  words  RUNNING",
                        "GPUs 0, 3 and port 8080 (judge)",
                        "gpu 3 [release] released in 12 ms")
                .containsPattern("count/1 +7 +3 +a → b");
    }

    @Test
    void theNodesRefusalIsOneLineWithItsNextStep() {
        node.problem("GET /v1/jobs/0", 409, "job.ambiguous", "'0' may be 0a1b2c3d or 0f000000.", "Give more of it.");

        assertThat(run.sage("job", "show", "0")).isEqualTo(Exit.FAILURE);
        assertThat(run.err()).isEqualToNormalizingNewlines("sage: '0' may be 0a1b2c3d or 0f000000. Give more of it.\n");
    }

    @Test
    void ordersGoToEachJobAlsoWhenOneIsRefused() {
        node.json("POST /v1/jobs/0a/cancel", job("0a1b2c3d", "STOPPING"))
                .problem("POST /v1/jobs/zz/cancel", 404, "job.unknown", "There is no job 'zz'.", "See sage job list.");

        assertThat(run.sage("job", "cancel", "zz", "0a", "--reason", "no more")).isEqualTo(Exit.FAILURE);
        assertThat(run.err()).contains("There is no job 'zz'.");
        assertThat(run.out()).isEqualToNormalizingNewlines("0a1b2c3d  words  STOPPING, told to cancel\n");
        assertThat(node.asked).contains("POST /v1/jobs/0a/cancel {\"reason\":\"no more\"}");
    }

    @Test
    void everyOrderHasItsPath() {
        for (String order : List.of("cancel", "stop", "pause", "resume")) {
            node.json("POST /v1/jobs/0a/" + order, JOB);
            assertThat(run.sage("job", order, "0a", "--json")).isZero();
        }
        assertThat(node.asked)
                .containsExactly(
                        "POST /v1/jobs/0a/cancel",
                        "POST /v1/jobs/0a/stop",
                        "POST /v1/jobs/0a/pause",
                        "POST /v1/jobs/0a/resume");
        assertThat(run.out().lines()).hasSize(4).allMatch(JOB::equals);
    }

    @Test
    void eventsAreLinesOfWordsOrOfJson() {
        node.events("GET /v1/jobs/0a/events", STARTED, ended("COMPLETED", ""));

        assertThat(run.sage("job", "events", "0a", "-f")).isZero();
        assertThat(run.out().lines())
                .containsExactly("   0.5s  state-changed  QUEUED → STARTING (its turn)", "   2.0s  ended  COMPLETED");

        assertThat(run.sage("job", "events", "0a", "--json")).isZero();
        assertThat(run.out()).contains(STARTED + System.lineSeparator());
    }

    @Test
    void anEventOfALaterNodeIsShownAsItIs() {
        node.events("GET /v1/jobs/0a/events", "{\"type\":\"moved\",\"at\":\"PT1S\",\"to\":\"n2\"}");

        assertThat(run.sage("job", "events", "0a")).isZero();
        assertThat(run.out()).contains("moved", "\"to\":\"n2\"");
    }

    @Test
    void logsAreThoseOfAllProgramsOrOfOne() {
        node.json("GET /v1/jobs/0a", "{\"job\":" + JOB + ",\"outputs\":[\"a\",\"b\"]}")
                .text("GET /v1/jobs/0a/logs?name=a&tail=1", "last of a\n")
                .text("GET /v1/jobs/0a/logs?name=b&tail=1", "last of b\n");

        assertThat(run.sage("job", "logs", "0a", "--tail", "1")).isZero();
        assertThat(run.out().lines()).containsExactly("[a] last of a", "[b] last of b");

        assertThat(run.sage("job", "logs", "0a", "b", "--tail", "1", "--json")).isZero();
        assertThat(run.out()).contains("{\"name\":\"b\",\"line\":\"last of b\"}");
    }

    @Test
    void linesAreFollowedFromTheLastOnesOn() {
        node.events("GET /v1/jobs/0a/logs?follow=true&name=a&tail=1", "{\"name\":\"a\",\"line\":\"last\"}");

        assertThat(run.sage("job", "logs", "0a", "a", "-f", "--tail", "1")).isZero();
        assertThat(run.out().lines()).containsExactly("last");
        assertThat(run.sage("job", "logs", "0a", "-f", "--tail", "-1")).isEqualTo(Exit.USAGE);
    }

    @Test
    void anEmptyIdIsWrongUsage() {
        assertThat(run.sage("job", "show", "")).isEqualTo(Exit.USAGE);
        assertThat(run.err()).contains("The id of a job is empty", "sage job list");
        assertThat(node.asked).isEmpty();
    }

    @Test
    void followedLogsAreShownAsTheyAreWritten() {
        node.json("GET /v1/jobs/0a", "{\"job\":" + JOB + ",\"outputs\":[\"a\",\"b\"]}");
        node.events(
                "GET /v1/jobs/0a/logs?follow=true",
                "{\"name\":\"a\",\"line\":\"one\"}",
                "{\"name\":\"b\",\"line\":\"two\"}");

        assertThat(run.sage("job", "logs", "0a", "-f")).isZero();
        assertThat(run.out().lines()).containsExactly("[a] one", "[b] two");
    }

    @Test
    void nobodyIsToldWhoseLinesTheyAreWhereThereIsOnlyOne() {
        node.json("GET /v1/jobs/0a", "{\"job\":" + JOB + ",\"outputs\":[\"a\"]}")
                .events("GET /v1/jobs/0a/logs?follow=true", "{\"name\":\"a\",\"line\":\"one\"}");

        assertThat(run.sage("job", "logs", "0a", "-f")).isZero();
        assertThat(run.out().lines()).containsExactly("one");
    }

    @Test
    void aMistypedIdIsToldAtOnceHoweverLongTheOthersTake() {
        CountDownLatch end = new CountDownLatch(1);
        node.stream("GET /v1/jobs/aa/events", out -> {
                    out.write(FakeNode.event(1, STARTED));
                    out.flush();
                    end.await();
                })
                .problem("GET /v1/jobs/zz/events", 404, "job.unknown", "There is no job 'zz'.", "See sage job list.");

        assertThat(run.sage("job", "wait", "aa", "zz", "--timeout", "1h")).isEqualTo(Exit.FAILURE);
        assertThat(run.err()).contains("There is no job 'zz'.");
        end.countDown();
    }

    @Test
    void theFailureOfACommandIsToldWithoutThePlacesOfAPipeline() {
        String failure =
                ",\"failure\":{\"origin\":\"OPERATOR\",\"name\":\"sh\",\"step\":\"next\",\"message\":\"x.Y: m\","
                        + "\"cause\":{\"type\":\"dev.sage.api.CommandFailedException\",\"message\":\"Program 'sh' ended.\"}}}}";
        String ended = ended("FAILED", "");
        node.events("GET /v1/jobs/aa/events", ended.substring(0, ended.length() - 2) + failure);

        assertThat(run.sage("job", "wait", "aa")).isEqualTo(Exit.FAILURE);
        assertThat(run.out()).contains("FAILED: Program 'sh' ended.").doesNotContain("next", "dev.sage");
    }

    @Test
    void timesAreToldToTheSecond() {
        String job = JOB.replace("2026-01-01T00:00:00Z", "2026-01-01T00:00:00.123456789Z");
        node.json("GET /v1/jobs/0a", "{\"job\":" + job + "}");

        assertThat(run.sage("job", "show", "0a")).isZero();
        assertThat(run.out()).contains("submitted  2026-01-01T00:00:00Z");
    }

    @Test
    void waitingEndsWithTheCodeOfTheFirstThatDidNotEndWell() {
        node.events("GET /v1/jobs/aa/events", ended("COMPLETED", ""))
                .events("GET /v1/jobs/bb/events", ended("FAILED", "it broke"));

        assertThat(run.sage("job", "wait", "aa")).isZero();
        assertThat(run.sage("job", "wait", "aa", "bb")).isEqualTo(Exit.FAILURE);
        assertThat(run.out()).contains("FAILED: it broke");
    }

    @Test
    void aJobThatWasNotCleanedUpDidNotEndWell() {
        String dirty = ended("COMPLETED", "")
                .replace("\"lines\":[]", "\"lines\":[{\"kind\":\"gpu\",\"name\":\"0\",\"outcome\":\"FAILED\"}]");
        node.events("GET /v1/jobs/aa/events", dirty);

        assertThat(run.sage("job", "wait", "aa")).isEqualTo(Exit.FAILURE);
        assertThat(run.out()).contains("COMPLETED, not clean");
    }

    @Test
    void aJobWhoseEventsAreGoneIsFoundInTheHistory() {
        node.events("GET /v1/jobs/aa/events")
                .json(
                        "GET /v1/jobs/aa",
                        "{\"job\":" + job("aa", "CANCELLED").replace("\"running\":true", "\"running\":false") + "}");

        assertThat(run.sage("job", "wait", "aa")).isEqualTo(Exit.FAILURE);
        assertThat(run.out()).contains("aa  CANCELLED");
    }

    @Test
    void waitingEndsWhenTheTimeIsUp() {
        CountDownLatch end = new CountDownLatch(1);
        node.stream("GET /v1/jobs/aa/events", out -> {
            out.write(FakeNode.event(1, STARTED));
            out.flush();
            end.await();
        });

        assertThat(run.sage("job", "wait", "aa", "--timeout", "0.2s")).isEqualTo(Exit.TIMED_OUT);
        assertThat(run.err()).contains("Job aa has not ended within 0.2s.");
        end.countDown();

        assertThat(run.sage("job", "wait", "aa", "--timeout", "soon")).isEqualTo(Exit.USAGE);
    }

    private static String job(String id, String state) {
        return "{\"id\":\"" + id + "\",\"name\":\"words\",\"owner\":\"me\",\"state\":\"" + state
                + "\",\"autostop\":true,\"taskCount\":2,\"serviceCount\":0,\"running\":true,\"cause\":\"\","
                + "\"submittedAt\":\"2026-01-01T00:00:00Z\"}";
    }

    private static String ended(String state, String reason) {
        return "{\"type\":\"ended\",\"at\":\"PT2S\",\"result\":{\"id\":\"aa\",\"state\":\"" + state + "\",\"reason\":\""
                + reason + "\",\"cleanup\":{\"lines\":[]}}}";
    }
}
