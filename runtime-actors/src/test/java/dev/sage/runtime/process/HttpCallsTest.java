package dev.sage.runtime.process;

import static dev.sage.runtime.process.ProcessLab.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sage.api.ProcessEndpoint.Reply;
import dev.sage.api.ServiceException;
import dev.sage.runtime.dataplane.BlockingCall;
import dev.sage.runtime.dataplane.BlockingThreads;
import dev.sage.runtime.format.JacksonFormat;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against servers that do what servers should not. */
@Timeout(60)
class HttpCallsTest {
    private static final Duration SHORT = Duration.ofMillis(300);

    private final BlockingThreads threads = BlockingThreads.create("http");
    private final AtomicInteger connections = new AtomicInteger();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private ServerSocket server;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0);
    }

    @AfterEach
    void end() throws Exception {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
        threads.close();
        assertThat(threads.awaitEnd(LIMIT)).isTrue();
    }

    @Test
    void oneConnectionServesManyRequests() throws Exception {
        answering((request, out) -> write(out, answer(200, "{\"n\": 7}")));
        try (HttpCalls calls = calls(LIMIT)) {
            for (int i = 0; i < 5; i++) {
                assertThat(calls.call("GET", "/n", null, Object.class)).isEqualTo(Map.of("n", 7));
            }
            assertThat(calls.call("GET", "/n", null, String.class)).isEqualTo("{\"n\": 7}");
        }
        assertThat(connections).hasValue(1);
    }

    @Test
    void aConnectionThatTheServerClosedMeanwhileIsNotUsed() throws Exception {
        answering((request, out) -> write(out, answer(200, "1")));
        try (HttpCalls calls = calls(LIMIT)) {
            calls.request("POST", "/", "x");
            sockets.get(0).close();
            assertThat(calls.request("POST", "/", "y").status()).isEqualTo(200);
        }
        assertThat(connections).hasValue(2);
    }

    @Test
    void bodiesAreSentAsJsonAndTextAsItIs() throws Exception {
        answering((request, out) -> write(out, answer(201, "ä")));
        try (HttpCalls calls = calls(LIMIT)) {
            assertThat(calls.request("PATCH", "/a?b=c", Map.of("k", "ö"))).isEqualTo(new Reply(201, "ä"));
            calls.request("PUT", "/a", "plain");
            calls.request("DELETE", "/a", null);
        }
        assertThat(requests.get(0)).startsWith("PATCH /a?b=c HTTP/1.1\r\n").endsWith("\r\n\r\n{\"k\":\"ö\"}");
        assertThat(requests.get(1)).startsWith("PUT ").endsWith("\r\n\r\nplain");
        assertThat(requests.get(2)).startsWith("DELETE ").endsWith("\r\n\r\n");
    }

    @Test
    void anAnswerMayComeInChunksOrUntilTheEndOrWithoutABody() throws Exception {
        List<String> answers = List.of(
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n",
                "HTTP/1.1 204 No Content\r\n\r\n",
                "HTTP/1.0 200 OK\r\n\r\nto the end");
        AtomicInteger next = new AtomicInteger();
        answering((request, out) -> {
            write(out, answers.get(next.get()));
            if (next.getAndIncrement() == 2) {
                out.close();
            }
        });
        try (HttpCalls calls = calls(LIMIT)) {
            assertThat(calls.request("GET", "/", null)).isEqualTo(new Reply(200, "abc0123456789"));
            assertThat(calls.request("GET", "/", null)).isEqualTo(new Reply(204, ""));
            assertThat(calls.request("GET", "/", null)).isEqualTo(new Reply(200, "to the end"));
        }
        assertThat(connections).hasValue(1);
    }

    @Test
    void aDeadlineHoldsForAServerThatDribbles() throws Exception {
        answering((request, out) -> {
            write(out, "HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n");
            dribble(out);
        });
        assertTimesOut("POST", "x");
    }

    @Test
    void aDeadlineHoldsForHeadersThatDribble() throws Exception {
        answering((request, out) -> {
            write(out, "HTTP/1.1 200 OK\r\nX: ");
            dribble(out);
        });
        assertTimesOut("GET", null);
    }

    @Test
    void aDeadlineHoldsForAServerThatReadsNothing() throws Exception {
        assertTimesOut("POST", "x".repeat(50_000_000));
    }

    @Test
    void anInterruptEndsACall() throws Exception {
        answering((request, out) -> {});
        try (HttpCalls calls = calls(LIMIT)) {
            BlockingCall<Boolean> call = threads.submit(() -> {
                assertThatThrownBy(() -> calls.request("GET", "/", null)).isInstanceOf(IOException.class);
                return Thread.interrupted();
            });
            await().atMost(LIMIT).until(() -> requests.size() == 1);
            call.interrupt();

            assertThat(call.result().toCompletableFuture().get(5, TimeUnit.SECONDS))
                    .isTrue();
        }
    }

    @Test
    void anAnswerThatIsTooLongIsRefused() throws Exception {
        answering((request, out) -> write(out, answer(200, "x".repeat(1001))));
        try (HttpCalls calls = calls(LIMIT)) {
            assertThatThrownBy(() -> calls.request("GET", "/", null))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("more than 1000 bytes, which sage.process.answer-bytes allows");
        }
    }

    @Test
    void statusesAndWhatIsNoJsonAreToldWithAnExcerpt() throws Exception {
        AtomicInteger next = new AtomicInteger();
        answering((request, out) -> write(
                out, next.getAndIncrement() == 0 ? answer(503, "busy " + "!".repeat(500)) : answer(200, "<html>")));
        try (HttpCalls calls = calls(LIMIT)) {
            assertThatThrownBy(() -> calls.call("GET", "/x", null, Object.class))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("GET /x of service 'it' was answered with 503: busy !!!")
                    .hasMessageEndingWith("!…");
            assertThatThrownBy(() -> calls.call("GET", "/x", null, Object.class))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("what is no java.lang.Object as JSON")
                    .hasMessageEndingWith("<html>");
        }
    }

    @Test
    void aConnectionThatBreaksWithinAnAnswerIsAnErrorAtOnce() throws Exception {
        answering((request, out) -> {
            write(out, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
            out.close();
        });
        try (HttpCalls calls = calls(LIMIT)) {
            assertThatThrownBy(() -> calls.request("GET", "/", null)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void whatIsNoPathOrMethodIsNotSent() {
        try (HttpCalls calls = calls(LIMIT)) {
            assertThatThrownBy(() -> calls.request("GET", "no-slash", null))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> calls.request("GET", "/a b\r\nX: y", null))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> calls.request("get /", "/", null)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private void assertTimesOut(String method, String body) throws Exception {
        try (HttpCalls calls = calls(SHORT)) {
            long before = System.nanoTime();
            assertThatThrownBy(() -> calls.request(method, "/", body))
                    .isInstanceOfSatisfying(
                            ServiceException.class, e -> assertThat(e.code()).isEqualTo("service.timeout"));
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isBetween(SHORT, SHORT.plusSeconds(3));
        }
    }

    private HttpCalls calls(Duration timeout) {
        return new HttpCalls("it", HttpConnection.LOOPBACK, server.getLocalPort(), timeout, 1000, new JacksonFormat());
    }

    private static String answer(int status, String body) {
        return "HTTP/1.1 " + status + " As Such\r\nContent-Length: " + body.getBytes(StandardCharsets.UTF_8).length
                + "\r\n\r\n" + body;
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /** A byte, whenever the last one is through, until nobody wants more. */
    private void dribble(OutputStream out) throws IOException, InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        while (!never.await(20, TimeUnit.MILLISECONDS)) {
            out.write('x');
        }
    }

    @FunctionalInterface
    private interface Answer {
        void to(String request, OutputStream out) throws IOException, InterruptedException;
    }

    /** Takes connections; each answers requests, one after the other. */
    private void answering(Answer answer) {
        threads.submit(() -> {
            while (true) {
                Socket socket = server.accept();
                sockets.add(socket);
                connections.incrementAndGet();
                threads.submit(() -> {
                    InputStream in = socket.getInputStream();
                    for (String request = request(in); !request.isEmpty(); request = request(in)) {
                        requests.add(request);
                        answer.to(request, socket.getOutputStream());
                    }
                    return true;
                });
            }
        });
    }

    private static String request(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                return "";
            }
            head.append((char) next);
        }
        int length = head.toString()
                .lines()
                .filter(line -> line.startsWith("Content-Length: "))
                .mapToInt(line -> Integer.parseInt(line.substring(16)))
                .sum();
        return head + new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }
}
