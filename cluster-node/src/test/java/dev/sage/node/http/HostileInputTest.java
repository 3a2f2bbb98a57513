package dev.sage.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HostileInputTest {
    private static final String HEAD = " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer "
            + TestServer.TOKEN + "\r\nContent-Type: application/json\r\n";

    private TestServer server;

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void aThousandParallelRequestsAreAllAnswered() throws Exception {
        server = TestServer.start();
        server.train();
        ExecutorService clients = Executors.newFixedThreadPool(100);
        try {
            List<Callable<Integer>> requests = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                String path = i % 2 == 0 ? "/v1/jobs/0badcafe" : "/v1/jobs/deadbeef";
                requests.add(() -> server.web().get(path).status());
            }
            List<Integer> statuses = new ArrayList<>();
            for (Future<Integer> answer : clients.invokeAll(requests, 60, TimeUnit.SECONDS)) {
                statuses.add(answer.get());
            }
            assertThat(statuses).filteredOn(status -> status == 200).hasSize(500);
            assertThat(statuses).filteredOn(status -> status == 404).hasSize(500);
        } finally {
            clients.shutdownNow();
        }
    }

    @Test
    void whoAsksTooOftenIsToldWhenToAskAgain() throws Exception {
        server = TestServer.start(Map.of("requests-per-second", 1, "request-burst", 3));
        for (int i = 0; i < 3; i++) {
            assertThat(server.web().get("/healthz").status()).isEqualTo(200);
        }
        Web.Answer answer = server.web().get("/healthz");
        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.code()).isEqualTo("rate.too-many");
        assertThat(answer.headers()).containsEntry("retry-after", "1");
    }

    @Test
    void aBodyBeyondItsLimitIsRefusedBeforeItIsRead() throws Exception {
        server = TestServer.start(Map.of("json-bytes", 1024));

        Web.Answer known = server.web().post("/v1/jobs", " ".repeat(1025));
        assertThat(known.status()).isEqualTo(413);
        assertThat(known.json().path("detail").asText()).contains("1024");

        String chunk = "400\r\n" + " ".repeat(1024) + "\r\n";
        Web.Answer chunked = server.web()
                .raw(("POST /v1/jobs" + HEAD + "Transfer-Encoding: chunked\r\n\r\n" + chunk + chunk + "0\r\n\r\n")
                        .getBytes(StandardCharsets.UTF_8));
        assertThat(chunked.code()).isEqualTo("body.too-large");
    }

    @Test
    void whatFollowsABodyIsNotPartOfIt() throws Exception {
        server = TestServer.start();
        String body = "{\"name\": \"x\", \"command\": {\"arguments\": [\"true\"]}}";
        Web.Answer answer = server.web()
                .raw(("POST /v1/jobs" + HEAD + "Content-Length: " + body.length() + "\r\n\r\n" + body
                                + "DELETE /v1/services/shared HTTP/1.1\r\n\r\n")
                        .getBytes(StandardCharsets.UTF_8));
        assertThat(answer.status()).isEqualTo(201);
    }

    @Test
    void aBodyThatBreaksOffMakesNoJob() throws Exception {
        server = TestServer.start();
        try (Socket socket = server.web().socket()) {
            socket.getOutputStream()
                    .write(("POST /v1/jobs" + HEAD + "Content-Length: 100\r\n\r\n{\"name\": ")
                            .getBytes(StandardCharsets.UTF_8));
            socket.shutdownOutput();
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer.isEmpty() || answer.contains("body.broken-off"))
                    .as(answer)
                    .isTrue();
        }
        assertThat(server.web().get("/v1/jobs").json().path("jobs")).isEmpty();
    }

    @Test
    void aBodyThatTakesTooLongIsGivenUp() throws Exception {
        server = TestServer.start(Map.of("body-within", "300ms"));
        try (Socket socket = server.web().socket()) {
            socket.getOutputStream()
                    .write(("POST /v1/jobs" + HEAD + "Content-Length: 100\r\n\r\n{").getBytes(StandardCharsets.UTF_8));
            Web.Answer answer = Web.parse(socket.getInputStream().readAllBytes());
            assertThat(answer.status()).isEqualTo(408);
            assertThat(answer.code()).isEqualTo("request.too-slow");
        }
    }

    @Test
    void anAnswerThatTakesTooLongIsAProblem() throws Exception {
        server = TestServer.start(Map.of("answer-within", "300ms"));
        server.node.nodes = new java.util.concurrent.CompletableFuture<>();

        Web.Answer answer = server.web().get("/v1/nodes");

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.code()).isEqualTo("answer.too-late");
    }

    @Test
    void aConnectionOnWhichNothingMovesIsClosed() throws Exception {
        server = TestServer.start(Map.of("idle-timeout", "400ms", "keep-alive", "100ms"));
        try (Socket socket = server.web().socket()) {
            socket.getOutputStream().write("GET /healthz HTTP/1.1\r\nHost: loc".getBytes(StandardCharsets.UTF_8));
            assertThat(isClosed(socket)).isTrue();
        }
    }

    @Test
    void bytesThatAreNoUtf8AreRefused() throws Exception {
        server = TestServer.start();
        byte[] head =
                ("POST /v1/jobs" + HEAD + "Content-Length: 14\r\n\r\n{\"name\": \"").getBytes(StandardCharsets.UTF_8);
        byte[] request = java.util.Arrays.copyOf(head, head.length + 4);
        request[head.length] = (byte) 0xC3;
        request[head.length + 1] = (byte) 0x28;
        request[head.length + 2] = '"';
        request[head.length + 3] = '}';

        assertThat(server.web().raw(request).code()).isEqualTo("json.malformed");
        assertThat(server.web().get("/v1/jobs/%FF%FE").status()).isBetween(400, 404);
        assertThat(server.web().get("/v1/jobs?name=%FF").status()).isBetween(200, 400);
    }

    @Test
    void noPathLeadsOut() throws Exception {
        server = TestServer.start();
        server.train();
        List<String> paths = List.of(
                "/v1/jobs/..%2F..%2Fetc%2Fpasswd",
                "/v1/jobs/../../etc/passwd",
                "/v1/jobs/0badcafe/collected/..%2F..%2Fnode.json",
                "/v1/jobs/0badcafe/collected/%2E%2E",
                "/v1/jobs/0badcafe/collected/a%00b",
                "/v1/jobs/0badcafe/logs?name=..%2F..%2Ftoken",
                "/openapi.yaml/../page.html");
        for (String path : paths) {
            Web.Answer answer = server.web().get(path);
            assertThat(answer.status()).as(path).isBetween(400, 404);
            assertThat(answer.type()).as(path).isEqualTo("application/problem+json");
        }
    }

    @Test
    void numbersBeyondTheirRangeAreRefused() throws Exception {
        server = TestServer.start();
        server.train();
        for (String path : List.of(
                "/v1/jobs?limit=99999999999999999999",
                "/v1/jobs?limit=1e2",
                "/v1/jobs?limit=%2B5",
                "/v1/jobs/0badcafe/events?after=-1",
                "/v1/jobs/0badcafe/logs?name=train&tail=100001",
                "/v1/decisions?limit=10001")) {
            assertThat(server.web().get(path).code()).as(path).isEqualTo("query.invalid");
        }
        assertThat(server.web().post("/v1/resources/gpus/99999999999/drain", "").code())
                .isEqualTo("gpu.unknown");
    }

    /** A server may end a connection by closing it or by resetting it. */
    private static boolean isClosed(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (java.net.SocketException reset) {
            return true;
        }
    }
}
