package dev.sage.samples.rag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sage.api.ServiceContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ChatModelTest {
    private static final Prompt PROMPT = new Prompt("Answer.", "Why?");
    private static final Duration PATIENT = Duration.ofSeconds(60);
    private static final String GOOD = "{\"choices\":[{\"message\":{\"content\":\" Because. \"}}]}";

    private final Queue<Reply> replies = new ArrayDeque<>();
    private final List<JsonNode> requests = new ArrayList<>();
    private final List<String> keys = new ArrayList<>();
    private final List<Duration> pauses = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;
    private ChatModel model;

    @BeforeEach
    void startServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/v1/chat/completions", this::serve);
        server.start();
    }

    @AfterEach
    void stopServer() throws Exception {
        if (model != null) {
            model.cleanup();
        }
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void theAnswerIsTheContentOfTheFirstChoice() throws Exception {
        replies.add(Reply.of(200, GOOD));

        assertThat(model(PATIENT).generate(PROMPT)).isEqualTo("Because.");
        assertThat(requests).singleElement().satisfies(request -> {
            assertThat(request.at("/model").textValue()).isEqualTo("small");
            assertThat(request.at("/messages/0/role").textValue()).isEqualTo("system");
            assertThat(request.at("/messages/1/content").textValue()).isEqualTo("Why?");
        });
        assertThat(keys).containsExactly("Bearer secret");
    }

    @Test
    void aBusyServerIsAskedAgainWhenItSaysSo() throws Exception {
        replies.add(Reply.of(429, "slow down").retryAfter("7"));
        replies.add(Reply.of(503, ""));
        replies.add(Reply.of(200, GOOD));

        assertThat(model(PATIENT).generate(PROMPT)).isEqualTo("Because.");
        assertThat(pauses).hasSize(2);
        assertThat(pauses.get(0)).isBetween(Duration.ofSeconds(7), Duration.ofSeconds(8));
        assertThat(pauses.get(1)).isBetween(Duration.ofSeconds(1), Duration.ofMillis(1_500));
    }

    @Test
    void aServerThatStaysBusyFailsWithItsOwnWords() {
        for (int i = 0; i < ChatModel.ATTEMPTS; i++) {
            replies.add(Reply.of(500, "out of order"));
        }

        assertThatThrownBy(() -> model(PATIENT).generate(PROMPT))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("After 4 attempts")
                .hasMessageContaining("answered 500: out of order");
        assertThat(pauses).hasSize(ChatModel.ATTEMPTS - 1);
    }

    @Test
    void aRefusalIsFinalAndDoesNotTellTheKey() {
        replies.add(Reply.of(401, "who are you"));

        assertThatThrownBy(() -> model(PATIENT).generate(PROMPT))
                .hasMessageContaining("answered 401: who are you")
                .hasMessageContaining("OPENAI_API_KEY")
                .hasMessageNotContaining("secret");
        assertThat(pauses).isEmpty();
    }

    @Test
    void anAnswerOfAnotherFormIsNamed() {
        replies.add(Reply.of(200, "{\"choices\":[]}"));

        assertThatThrownBy(() -> model(PATIENT).generate(PROMPT)).hasMessageContaining("/choices/0/message/content");
    }

    @Test
    void aServerThatDoesNotFinishItsAnswerInTimeIsAskedAgain() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        replies.add(Reply.of(200, GOOD).after(never));

        assertThat(model(Duration.ofMillis(300)).generate(PROMPT)).isEqualTo("Because.");
        assertThat(pauses).isNotEmpty();
        never.countDown();
    }

    @Test
    void aServerThatIsNotThereIsNamed() {
        URI nobody = URI.create("http://localhost:1");
        ChatModel unreachable = new ChatModel(
                new ChatModel.Settings(nobody, "small", "", Duration.ofSeconds(5)), new Backoff(pauses::add));
        unreachable.init(context());

        assertThatThrownBy(() -> unreachable.generate(PROMPT))
                .hasMessageContaining("After 4 attempts: http://localhost:1/v1/chat/completions");
    }

    @Test
    void theUrlMayStopAtEachOfItsParts() {
        for (String url : List.of("http://h", "http://h/", "http://h/v1", "http://h/v1/chat/completions")) {
            assertThat(new ChatModel.Settings(URI.create(url), "m", "", PATIENT).endpoint())
                    .isEqualTo(URI.create("http://h/v1/chat/completions"));
        }
    }

    private ChatModel model(Duration timeout) {
        URI url = URI.create("http://localhost:" + server.getAddress().getPort() + "/v1");
        model = new ChatModel(new ChatModel.Settings(url, "small", "secret", timeout), new Backoff(pauses::add));
        model.init(context());
        return model;
    }

    private static ServiceContext context() {
        return new ServiceContext() {
            @Override
            public String name() {
                return "model";
            }

            @Override
            public String jobId() {
                return "job";
            }
        };
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            Reply reply;
            synchronized (this) {
                requests.add(Json.MAPPER.readTree(exchange.getRequestBody()));
                keys.add(exchange.getRequestHeaders().getFirst("Authorization"));
                reply = replies.isEmpty() ? Reply.of(200, GOOD) : replies.remove();
            }
            reply.send(exchange);
        }
    }

    /** With a latch: header and half of the body are sent, the rest when it is open. */
    private record Reply(int status, String body, String retryAfter, CountDownLatch rest) {

        static Reply of(int status, String body) {
            return new Reply(status, body, null, null);
        }

        Reply retryAfter(String seconds) {
            return new Reply(status, body, seconds, rest);
        }

        Reply after(CountDownLatch latch) {
            return new Reply(status, body, retryAfter, latch);
        }

        void send(HttpExchange exchange) throws IOException {
            if (retryAfter != null) {
                exchange.getResponseHeaders().add("Retry-After", retryAfter);
            }
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            if (rest != null) {
                exchange.getResponseBody().write(bytes, 0, bytes.length / 2);
                exchange.getResponseBody().flush();
                awaitRest();
                return;
            }
            exchange.getResponseBody().write(bytes);
        }

        private void awaitRest() throws IOException {
            try {
                rest.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
    }
}
