package dev.sage.client.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sage.client.http.FakeNode.Answer;
import dev.sage.client.wire.LeaseView;
import dev.sage.client.wire.OutputLine;
import java.io.InputStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeHttpTest {
    private static final LeaseView LEASE = new LeaseView("a1", Duration.ofSeconds(30));

    @TempDir
    Path folder;

    @Test
    void recordsGoThereAndBackWithTokenAndHeaders() throws Exception {
        try (FakeNode node = new FakeNode(request -> FakeNode.json(201, LEASE))) {
            assertThat(http(node)
                            .post("/v1/x", new OutputLine("a", "ü"), LeaseView.class, Map.of("Idempotency-Key", "k")))
                    .isEqualTo(LEASE);

            FakeNode.Request request = node.requests().get(0);
            assertThat(request.line()).isEqualTo("POST /v1/x");
            assertThat(request.as(OutputLine.class)).isEqualTo(new OutputLine("a", "ü"));
            assertThat(request.headers())
                    .containsEntry("authorization", "Bearer secret")
                    .containsEntry("idempotency-key", "k")
                    .containsEntry("content-type", "application/json");
            assertThat(http(node).getText("/v1/x")).isEqualTo("{\"jobId\":\"a1\",\"timeToLive\":\"PT30S\"}");
            assertThat(http(node).getJson("/v1/x").get("jobId").asText()).isEqualTo("a1");
        }
    }

    @Test
    void aProblemTellsCodeStatusAndWhatToDo() throws Exception {
        try (FakeNode node = new FakeNode(request -> FakeNode.problem(409, "key.reused", "The key is taken."))) {
            assertThatThrownBy(() -> http(node).post("/v1/jobs", LEASE, LeaseView.class))
                    .isInstanceOfSatisfying(NodeProblemException.class, problem -> {
                        assertThat(problem.status()).isEqualTo(409);
                        assertThat(problem.code()).isEqualTo("key.reused");
                        assertThat(problem).hasMessage("The key is taken. Do this.");
                    });
        }
    }

    @Test
    void anUnknownTokenIsToldAlsoToAPostWithABody() throws Exception {
        Answer plain = FakeNode.answer(401, "text/plain", new byte[0]);
        try (FakeNode node = new FakeNode(request -> plain)) {
            assertThatThrownBy(() -> http(node).post("/v1/jobs", LEASE, LeaseView.class))
                    .isInstanceOf(NodeProblemException.class)
                    .hasMessageContaining("SAGE_TOKEN");
            assertThatThrownBy(() -> http(node).getText("/v1/jobs")).hasMessageContaining("SAGE_TOKEN");
        }
    }

    @Test
    void aPostWhoseAnswerIsLostIsNotSentTwice() throws Exception {
        try (FakeNode node = new FakeNode(request -> FakeNode.NOTHING)) {
            assertThatThrownBy(() -> http(node).post("/v1/jobs", LEASE, LeaseView.class))
                    .isInstanceOfSatisfying(
                            NodeUnreachableException.class,
                            broken -> assertThat(broken.isUnsent()).isFalse());
            assertThatThrownBy(() -> http(node).post("/v1/jobs/a1/stop", null, LeaseView.class))
                    .isInstanceOf(NodeUnreachableException.class);

            assertThat(node.lines()).containsExactly("POST /v1/jobs", "POST /v1/jobs/a1/stop");
        }
    }

    @Test
    void whereNothingListensTheAddressIsTold() throws Exception {
        int free;
        try (ServerSocket taken = new ServerSocket(0)) {
            free = taken.getLocalPort();
        }
        NodeHttp http = new NodeHttp(new NodeAddress("127.0.0.1", free), Optional.empty(), HttpTimes.DEFAULT);

        assertThatThrownBy(() -> http.getText("/v1/nodes"))
                .isInstanceOfSatisfying(
                        NodeUnreachableException.class,
                        broken -> assertThat(broken.isUnsent()).isTrue())
                .hasMessageContaining("127.0.0.1:" + free)
                .hasMessageContaining("sage jobmanager start");
    }

    @Test
    void aServerThatIsNoNodeIsToldApart() throws Exception {
        try (FakeNode ssh = new FakeNode(request ->
                        new Answer("SSH-2.0-OpenSSH\r\n".getBytes(StandardCharsets.UTF_8), FakeNode.Then.CLOSE));
                FakeNode web = new FakeNode(
                        request -> FakeNode.answer(200, "text/html", "<html>".getBytes(StandardCharsets.UTF_8)))) {
            assertThatThrownBy(() -> http(web).get("/v1/x", LeaseView.class)).hasMessageContaining("is no Sage node");
            assertThatThrownBy(() -> http(ssh).get("/v1/x", LeaseView.class))
                    .isInstanceOf(NodeUnreachableException.class);
        }
    }

    @Test
    void aNodeThatDoesNotAnswerIsNotWaitedForLongerThanToldTo() throws Exception {
        HttpTimes times = new HttpTimes(
                Duration.ofSeconds(5), Duration.ofMillis(200), Duration.ofSeconds(5), Duration.ofSeconds(5));
        try (FakeNode node = new FakeNode(request -> FakeNode.SILENCE)) {
            assertThatThrownBy(() -> http(node).with(times).getText("/v1/nodes"))
                    .isInstanceOf(NodeUnreachableException.class)
                    .hasMessageContaining("did not answer within 200 ms");
        }
    }

    @Test
    void filesGoUpAndAnswersComeDownAsTheyAre() throws Exception {
        byte[] content = new byte[300_000];
        new java.util.Random(1).nextBytes(content);
        Path file = Files.write(folder.resolve("a.jar"), content);
        try (FakeNode node = new FakeNode(request -> switch (request.method()) {
            case "HEAD" -> FakeNode.answer(request.path().endsWith("1") ? 404 : 200, "x/y", new byte[0]);
            case "PUT" -> FakeNode.answer(201, "x/y", new byte[0]);
            default ->
                FakeNode.answer(
                        200, "application/octet-stream", request.method().equals("POST") ? request.body() : content);
        })) {
            NodeHttp http = http(node);
            assertThat(http.exists("/v1/artifacts/1")).isFalse();
            assertThat(http.exists("/v1/artifacts/2")).isTrue();
            try (InputStream read = Files.newInputStream(file)) {
                http.upload("/v1/artifacts/1", Files.size(file), read);
            }

            assertThat(node.requests().get(2).body()).isEqualTo(content);
            assertThat(http.exchange("/call", new byte[] {1, 2})).containsExactly(1, 2);
            assertThat(http.download("/v1/x", InputStream::readAllBytes)).isEqualTo(content);
        }
    }

    @Test
    void anAnswerThatBreaksOffIsNoShorterAnswer() throws Exception {
        AtomicInteger cut = new AtomicInteger();
        Answer whole = FakeNode.json(200, LEASE);
        try (FakeNode node = new FakeNode(request -> whole.cut(cut.get()))) {
            for (int length = 0; length < whole.bytes().length; length++) {
                cut.set(length);
                assertThatThrownBy(() -> http(node).getText("/v1/x")).isInstanceOf(NodeUnreachableException.class);
            }
        }
    }

    @Test
    void addressesAreReadAsUsersWriteThem() {
        assertThat(NodeAddress.parse("10.0.0.7:8")).isEqualTo(new NodeAddress("10.0.0.7", 8));
        assertThat(NodeAddress.parse("box")).isEqualTo(new NodeAddress("box", 19001));
        assertThat(NodeAddress.parse("[::1]:8").base()).hasToString("http://[::1]:8");
        assertThatThrownBy(() -> NodeAddress.parse("a b:8")).hasMessageContaining("HOST:PORT");
        assertThatThrownBy(() -> NodeAddress.parse("box:70000")).hasMessageContaining("65535");
    }

    private static NodeHttp http(FakeNode node) {
        return new NodeHttp(node.address(), Optional.of("secret"), HttpTimes.DEFAULT);
    }
}
