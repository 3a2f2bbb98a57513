package dev.sage.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sage.api.JobState;
import dev.sage.client.wire.JobOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpApiTest {
    private static final String PROGRAM =
            "{\"name\": \"train\", \"options\": {\"detached\": true}, \"command\": {\"arguments\": [\"true\"]}}";

    private TestServer server;
    private Web web;

    @BeforeEach
    void start() throws Exception {
        server = TestServer.start();
        web = server.web();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void anAcceptedJobIsCreatedAtItsLocation() throws IOException {
        Web.Answer answer = web.post("/v1/jobs", PROGRAM);

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.headers()).containsEntry("location", "/v1/jobs/0badcafe");
        assertThat(answer.json().path("owner").asText()).isEqualTo("ann");
        assertThat(web.get("/v1/jobs/0badcafe").json().at("/job/name").asText()).isEqualTo("train");
    }

    @Test
    void aRepeatedKeyAnswersTheFirstJob() throws IOException {
        assertThat(web.post("/v1/jobs", PROGRAM, "Idempotency-Key: k1").status())
                .isEqualTo(201);

        Web.Answer again = web.post("/v1/jobs", PROGRAM, "Idempotency-Key: k1");

        assertThat(again.status()).isEqualTo(200);
        assertThat(again.headers()).containsEntry("idempotent-replayed", "true");
        assertThat(again.json().path("id").asText()).isEqualTo("0badcafe");
        assertThat(web.post("/v1/jobs", PROGRAM.replace("true\"]", "false\"]"), "Idempotency-Key: k1")
                        .code())
                .isEqualTo("key.reused");
    }

    @Test
    void optionsThatAreAbsentHaveTheirDefaults() throws IOException {
        web.post("/v1/jobs", "{\"name\": \"x\", \"command\": {\"arguments\": [\"true\"]}}");

        assertThat(server.jobs.get("0badcafe").submission.options())
                .isEqualTo(new JobOptions(false, false, null, null, null, 0, 0, 0, null, null));
    }

    @Test
    void whatASubmissionLacksOrMisspellsIsNamed() throws IOException {
        Web.Answer misspelt = web.post("/v1/jobs", "{\"name\": \"x\",\n \"comand\": {}}");
        assertThat(misspelt.code()).isEqualTo("json.unknown-field");
        assertThat(misspelt.json().path("detail").asText()).contains("line 2", "Did you mean command?");

        Web.Answer broken = web.post("/v1/jobs", "{\"name\": ");
        assertThat(broken.code()).isEqualTo("json.malformed");
        assertThat(broken.json().path("detail").asText()).contains("line 1");

        assertThat(web.post("/v1/jobs", "{\"name\": \"x\"}").code()).isEqualTo("json.invalid");
        assertThat(web.post("/v1/jobs", "{\"name\": 7, \"command\": {\"arguments\": [\"a\"]}}")
                        .code())
                .isEqualTo("json.invalid");
        assertThat(web.post("/v1/jobs", "null").code()).isEqualTo("json.invalid");
        Web.Answer bound = web.post("/v1/jobs", PROGRAM.replace("\"detached\": true", "\"priority\": 1001"));
        assertThat(bound.code()).isEqualTo("options.invalid");
        assertThat(bound.json().path("detail").asText()).contains("priority", "1001", "1000");
        assertThat(web.send("POST", "/v1/jobs", List.of("Content-Type: text/plain"), "{}")
                        .status())
                .isEqualTo(415);
    }

    @Test
    void jobsAreListedByPages() throws IOException {
        server.train();
        server.train();
        server.train().become(JobState.PAUSED, "asked for");

        JsonNode first = web.get("/v1/jobs?limit=2").json();
        JsonNode second =
                web.get("/v1/jobs?limit=2&after=" + first.path("next").asText()).json();

        assertThat(first.path("jobs")).hasSize(2);
        assertThat(second.path("jobs")).hasSize(1);
        assertThat(second.has("next")).isFalse();
        assertThat(web.get("/v1/jobs?state=PAUSED,IDLE").json().path("jobs")).hasSize(1);
        assertThat(web.get("/v1/jobs?state=RUNING").json().path("detail").asText())
                .contains("Did you mean RUNNING?");
        assertThat(web.get("/v1/jobs?lmit=2").json().path("detail").asText()).contains("Did you mean limit?");
        assertThat(web.get("/v1/jobs?limit=0").code()).isEqualTo("query.invalid");
        assertThat(web.get("/v1/jobs?limit=1&limit=2").code()).isEqualTo("query.invalid");
    }

    @Test
    void anOrderCarriesItsReason() throws IOException {
        server.train();

        assertThat(web.post("/v1/jobs/0bad/pause", "").status()).isEqualTo(202);
        assertThat(web.post("/v1/jobs/0badcafe/cancel", "{\"reason\": \"too slow\"}")
                        .json()
                        .path("state")
                        .asText())
                .isEqualTo("CANCELLED");
        assertThat(server.jobs.reasons).containsExactly("asked for by ann", "too slow");
        assertThat(web.post("/v1/jobs/0badcafe/cancel", "").code()).isEqualTo("job.ended");
        assertThat(web.post("/v1/jobs/deadbeef/cancel", "").code()).isEqualTo("job.unknown");
    }

    @Test
    void nothingButTheOpenPathsIsAnsweredWithoutTheToken() throws IOException {
        for (String open : List.of("/", "/healthz", "/readyz", "/openapi.yaml")) {
            assertThat(web.bare("GET", open, List.of(), "").status()).as(open).isEqualTo(200);
        }
        for (String closed : List.of("/v1/jobs", "/v1/nodes", "/metrics", "/list_jobs")) {
            Web.Answer answer = web.bare("GET", closed, List.of(), "");
            assertThat(answer.status()).as(closed).isEqualTo(401);
            assertThat(answer.code()).isEqualTo("token.missing");
            assertThat(answer.headers()).containsEntry("www-authenticate", "Bearer realm=\"sage\"");
        }
        for (String wrong : List.of("Bearer correct-hors", "Bearer correct-horse2", "Basic correct-horse", "Bearer ")) {
            assertThat(web.bare("GET", "/v1/jobs", List.of("Authorization: " + wrong), "")
                            .status())
                    .as(wrong)
                    .isEqualTo(401);
        }
    }

    @Test
    void everyErrorIsAProblem() throws IOException {
        List<Web.Answer> answers = new ArrayList<>();
        answers.add(web.get("/nothing"));
        answers.add(web.get("/v1/jobs/"));
        answers.add(web.get("/v1//jobs"));
        answers.add(web.send("PATCH", "/v1/jobs", List.of(), ""));
        answers.add(web.get("/v1/jobs/0badcafe"));
        answers.add(web.get("/" + "a".repeat(5_000)));
        answers.add(web.get("/v1/%zz"));
        answers.add(web.get("/v1/jobs?name=%zz"));
        answers.add(web.send("GET", "/healthz", List.of("X-Long: " + "a".repeat(9_000)), ""));
        answers.add(web.send("FOO", "/healthz", List.of(), ""));
        answers.add(web.raw("GARBAGE INSTEAD OF HTTP\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.UTF_8)));

        assertThat(answers).allSatisfy(answer -> {
            assertThat(answer.type()).isEqualTo("application/problem+json");
            assertThat(answer.json().path("status").asInt()).isEqualTo(answer.status());
            assertThat(answer.json().path("next").asText()).isNotEmpty();
        });
        assertThat(answers)
                .extracting(Web.Answer::status)
                .containsExactly(404, 404, 404, 405, 404, 414, 400, 400, 431, 501, 501);
        assertThat(answers.get(3).headers()).containsEntry("allow", "GET, POST");
    }

    @Test
    void anInternalErrorShowsItsIdAndNothingElse() throws IOException {
        server.train();

        Web.Answer answer = web.send(
                "POST",
                "/v1/jobs/0badcafe/services/broken/call",
                List.of("Content-Type: application/octet-stream"),
                "x");

        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.code()).isEqualTo("internal");
        assertThat(answer.json().path("detail").asText()).containsPattern("error [0-9a-f]{8}");
        assertThat(answer.body()).doesNotContain("secret", "Exception");
    }

    @Test
    void logsAreReadAsAFileOrFromItsEnd() throws IOException {
        server.train();

        assertThat(web.get("/v1/jobs/0badcafe/logs?name=train").body()).isEqualTo("one\ntwo\nthree\n");
        assertThat(web.get("/v1/jobs/0badcafe/logs?tail=2").body()).isEqualTo("two\nthree\n");
        assertThat(web.get("/v1/jobs/0badcafe/logs?tail=0").body()).isEmpty();
        assertThat(web.get("/v1/jobs/0badcafe/logs?tail=9").body()).isEqualTo("one\ntwo\nthree\n");
        assertThat(web.get("/v1/jobs/0badcafe/logs?name=other").code()).isEqualTo("output.unknown");
        assertThat(web.get("/v1/jobs/0badcafe/logs?follow=yes").code()).isEqualTo("query.invalid");
    }

    @Test
    void bytesGoThroughUnchanged() throws IOException {
        server.train();

        assertThat(web.get("/v1/jobs/0badcafe/collected/sums").body()).isEqualTo("one\ntwo\nthree\n");
        Web.Answer call = web.send(
                "POST",
                "/v1/jobs/0badcafe/services/model/call",
                List.of("Content-Type: application/octet-stream"),
                "\0é");
        assertThat(call.body()).isEqualTo("\0é");
    }

    @Test
    void anArtifactIsKeptUnderItsDigestOnly() throws IOException {
        String digest = FakeArtifacts.sha256("jar".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        List<String> octets = List.of("Content-Type: application/octet-stream");

        assertThat(web.send("HEAD", "/v1/artifacts/" + digest, List.of(), "").status())
                .isEqualTo(404);
        assertThat(web.send("PUT", "/v1/artifacts/" + digest, octets, "other").code())
                .isEqualTo("artifact.digest");
        assertThat(web.send("PUT", "/v1/artifacts/" + digest, octets, "jar").status())
                .isEqualTo(201);
        assertThat(web.send("HEAD", "/v1/artifacts/" + digest, List.of(), "").status())
                .isEqualTo(200);
        assertThat(web.send("PUT", "/v1/artifacts/..%2Fnode.json", octets, "jar")
                        .code())
                .isEqualTo("path.invalid");
    }

    @Test
    void schedulersClientsFindTheirFields() throws IOException {
        Web.Answer submitted = web.post(
                "/submit_job",
                "{\"config\": {\"command\": [\"true\"], \"env\": {\"A\": \"b\"}}, \"num_gpus\": 2, \"wandb_key\": \"w\"}");
        assertThat(submitted.json().path("job_id").asText()).isEqualTo("0badcafe");
        assertThat(server.jobs.get("0badcafe").submission.command().gpus()).isEqualTo(2);
        assertThat(server.jobs.get("0badcafe").submission.command().environment())
                .containsEntry("A", "b")
                .containsEntry("WANDB_API_KEY", "w");

        JsonNode status = web.get("/job_status/0badcafe").json();
        assertThat(status.path("status").asText()).isEqualTo("RUNNING");
        assertThat(status.path("gpu_ids")).hasSize(1);
        assertThat(status.path("port").asInt()).isEqualTo(38000);
        assertThat(web.get("/list_jobs").json().path("jobs")).hasSize(1);
        assertThat(web.send("POST", "/complete_job/0badcafe", List.of(), "")
                        .json()
                        .path("status")
                        .asText())
                .isEqualTo("COMPLETED");
        assertThat(web.send("DELETE", "/cancel_job/0badcafe", List.of(), "")
                        .json()
                        .path("status")
                        .asText())
                .isEqualTo("COMPLETED");
        assertThat(web.send("DELETE", "/cancel_job/nothing", List.of(), "")
                        .json()
                        .path("status")
                        .asText())
                .isEqualTo("NOT_FOUND");
        assertThat(web.post("/submit_job", "{\"config\": {\"trainer\": {}}}").code())
                .isEqualTo("json.unknown-field");
        assertThat(web.post("/submit_job", "{\"config\": {}}").code()).isEqualTo("scheduler.unmapped");
    }

    @Test
    void stoppingTheNodeIsAcceptedOnce() throws IOException {
        assertThat(web.post("/v1/node/stop", "").status()).isEqualTo(202);
        assertThat(server.node.stops).hasValue(1);
    }

    @Test
    void aNodeThatIsNotReadySaysWhy() throws IOException {
        server.node.notReady = java.util.Optional.of("The journal is being read.");

        Web.Answer answer = web.bare("GET", "/readyz", List.of(), "");

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.json().path("detail").asText()).isEqualTo("The journal is being read.");
        assertThat(web.get("/healthz").status()).isEqualTo(200);
    }

    @Test
    void metricsTellRequestsByTheirRoute() throws IOException {
        web.get("/v1/jobs/deadbeef");
        web.get("/made/up");

        String metrics = web.get("/metrics").body();

        assertThat(metrics)
                .contains("sage_http_requests_seconds_count{method=\"GET\",route=\"/v1/jobs/{id}\",status=\"404\"} 1")
                .contains("sage_jobs{state=\"RUNNING\"} 2.0", "jvm_memory_used_bytes", "sage_http_streams 0.0")
                .doesNotContain("made", "deadbeef");
    }

    @Test
    void thePageRunsItsOwnScriptOnly() throws IOException {
        Web.Answer page = web.bare("GET", "/", List.of(), "");

        assertThat(page.type()).isEqualTo("text/html");
        assertThat(page.headers().get("content-security-policy"))
                .contains("default-src 'none'", "script-src 'sha256-", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(page.body()).doesNotContain("innerHTML", "http://", "https://", "style=\"", "onclick=\"");
    }

    @Test
    void aRequestUnderWayIsAnsweredBeforeTheEnd() throws Exception {
        CompletableFuture<List<dev.sage.client.wire.NodeView>> nodes = new CompletableFuture<>();
        server.node.nodes = nodes;
        CompletableFuture<Web.Answer> answer = CompletableFuture.supplyAsync(() -> {
            try {
                return web.get("/v1/nodes");
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        org.awaitility.Awaitility.await().until(() -> nodes.getNumberOfDependents() > 0);

        var ended = server.binding.terminate(Duration.ofSeconds(20)).toCompletableFuture();
        assertThat(ended).isNotDone();
        nodes.complete(List.of());

        assertThat(answer.get(20, java.util.concurrent.TimeUnit.SECONDS).status())
                .isEqualTo(200);
        assertThat(ended).succeedsWithin(Duration.ofSeconds(20));
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> web.get("/healthz"))
                .isInstanceOf(IOException.class);
    }

    /** Whoever is reset may lose the answer before, and takes the node for broken. */
    @Test
    void aConnectionThatWaitsForItsNextRequestIsClosedAndNotReset() throws Exception {
        try (java.net.Socket socket = web.socket()) {
            socket.getOutputStream()
                    .write("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
                            .getBytes(java.nio.charset.StandardCharsets.UTF_8));
            assertThat(socket.getInputStream().read()).isEqualTo('H');

            var ended = server.binding.terminate(Duration.ofSeconds(20)).toCompletableFuture();

            assertThat(new String(socket.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
                    .startsWith("TTP/1.1 200");
            assertThat(ended).succeedsWithin(Duration.ofSeconds(20));
        }
    }
}
