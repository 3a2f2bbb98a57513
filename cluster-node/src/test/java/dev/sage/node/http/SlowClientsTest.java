package dev.sage.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that never stop to send, and never get to an end. */
@Timeout(120)
@Tag("any-java")
class SlowClientsTest {
    private static final Duration WITHIN = Duration.ofMillis(500);
    /** Where what is asked must arrive in time, on a machine that has much to do. */
    private static final Duration LONGER = Duration.ofSeconds(3);

    private static final String AUTHORIZED = " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + TestServer.TOKEN
            + "\r\nContent-Type: application/octet-stream\r\n";

    private final ScheduledExecutorService trickle = Executors.newSingleThreadScheduledExecutor();
    private TestServer server;

    @AfterEach
    void stop() throws IOException {
        trickle.shutdownNow();
        server.close();
    }

    /** A byte every 20 ms, for as long as the server takes them. */
    private void trickle(Socket socket, String text) {
        AtomicInteger sent = new AtomicInteger();
        var unused = trickle.scheduleAtFixedRate(
                () -> {
                    try {
                        socket.getOutputStream().write(text.charAt(sent.getAndIncrement() % text.length()));
                    } catch (IOException closed) {
                        throw new IllegalStateException(closed);
                    }
                },
                0,
                20,
                TimeUnit.MILLISECONDS);
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    /** What comes until the server closes or resets the connection. */
    private static String rest(Socket socket) throws IOException {
        StringBuilder heard = new StringBuilder();
        InputStream in = socket.getInputStream();
        try {
            for (int b = in.read(); b >= 0; b = in.read()) {
                heard.append((char) b);
            }
        } catch (SocketException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
        return heard.toString();
    }

    @Test
    void aHeadThatTricklesInIsGivenUp() throws Exception {
        server = TestServer.start(Map.of("head-within", WITHIN.toMillis() + "ms"));
        try (Socket socket = server.web().socket()) {
            trickle(socket, "GET /healthz?" + "a".repeat(4_000));
            assertThat(rest(socket)).isEmpty();
        }
    }

    /** The second answer is a stream, which has no end before its last event. */
    @ParameterizedTest
    @ValueSource(strings = {"/healthz", "/v1/jobs/0badcafe/progress"})
    void soIsTheNextHeadOfAConnectionThatHadAnswers(String path) throws Exception {
        server = TestServer.start(Map.of("head-within", LONGER.toMillis() + "ms"));
        server.train();
        try (Socket socket = server.web().socket()) {
            send(socket, ("GET " + path + AUTHORIZED + "\r\n").repeat(2));
            trickle(socket, "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-A: " + "a".repeat(4_000));
            assertThat(rest(socket).split("HTTP/1.1 200")).hasSize(3);
        }
    }

    @Test
    void eachAnswerBeginsTheTimeForTheNextHeadAnew() throws Exception {
        server = TestServer.start(Map.of("head-within", LONGER.toMillis() + "ms"));
        int requests = 5;
        try (Socket socket = server.web().socket()) {
            InputStream in = socket.getInputStream();
            for (int i = 0; i < requests; i++) {
                send(socket, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
                assertThat(in.read()).as("request %s", i).isEqualTo('H');
                trickle.schedule(() -> {}, LONGER.toMillis() * 2 / requests, TimeUnit.MILLISECONDS)
                        .get();
                in.skipNBytes(in.available());
            }
        }
    }

    @Test
    void aStreamOutlastsTheTimeForTheNextHead() throws Exception {
        server = TestServer.start(Map.of("head-within", LONGER.toMillis() + "ms", "keep-alive", "200ms"));
        String id = server.train().id;
        try (Web.Events events = server.web().events("/v1/jobs/" + id + "/events")) {
            for (int comments = 0; comments < 25; comments++) {
                events.await(": keep-alive");
            }
        }
    }

    /** The system's buffers do not have room for it: the server is still sending when the time is over. */
    @Test
    void aLargeAnswerThatIsReadSlowlyArrivesWhole() throws Exception {
        server = TestServer.start(Map.of("head-within", LONGER.toMillis() + "ms"));
        String id = server.train().id;
        int bytes = 30 << 20;
        try (Socket socket = server.web().socket()) {
            send(
                    socket,
                    "POST /v1/jobs/" + id + "/services/model/call" + AUTHORIZED
                            + "Connection: close\r\nContent-Length: " + bytes + "\r\n\r\n");
            socket.getOutputStream().write(new byte[bytes]);
            InputStream in = socket.getInputStream();
            assertThat(in.read()).isEqualTo('H');
            trickle.schedule(() -> {}, 2 * LONGER.toMillis(), TimeUnit.MILLISECONDS)
                    .get();
            assertThat(in.readAllBytes()).hasSizeGreaterThan(bytes);
        }
    }

    @Test
    void aBodyThatNobodyWantsIsNotReadForEver() throws Exception {
        server = TestServer.start(Map.of("body-within", WITHIN.toMillis() + "ms"));
        try (Socket socket = server.web().socket()) {
            send(socket, "PUT /v1/artifacts/no-digest" + AUTHORIZED + "Content-Length: 100000\r\n\r\n");
            trickle(socket, "x");
            assertThat(rest(socket)).contains("path.invalid");
        }
    }

    @Test
    void aJarThatTricklesInIsGivenUp() throws Exception {
        server = TestServer.start(Map.of("upload-within", WITHIN.toMillis() + "ms"));
        try (Socket socket = server.web().socket()) {
            send(socket, "PUT /v1/artifacts/" + "a".repeat(64) + AUTHORIZED + "Content-Length: 100000\r\n\r\n");
            trickle(socket, "x");
            assertThat(rest(socket)).contains("408", "request.too-slow");
        }
    }

    @Test
    void aJsonBodyThatTricklesInIsGivenUp() throws Exception {
        server = TestServer.start(Map.of("body-within", WITHIN.toMillis() + "ms"));
        try (Socket socket = server.web().socket()) {
            send(
                    socket,
                    "POST /v1/jobs" + AUTHORIZED.replace("octet-stream", "json") + "Content-Length: 100000\r\n\r\n");
            trickle(socket, " ");
            assertThat(rest(socket)).contains("408", "request.too-slow");
        }
    }
}
