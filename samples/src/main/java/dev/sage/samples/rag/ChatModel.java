package dev.sage.samples.rag;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sage.api.Service;
import dev.sage.api.ServiceContext;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A model behind an OpenAI-compatible endpoint, as a service. Each request has a deadline that covers all of it, the
 * answer's last byte included. A server that is busy (429), broken (5xx) or not to be reached is asked again, a few times
 * and ever more patiently; any other refusal fails the job at once, as asking again would not help.
 */
final class ChatModel implements Service, Generator {
    static final int ATTEMPTS = 4;

    private static final int EXCERPT = 200;

    private final Settings settings;
    private final Backoff backoff;
    private @Nullable HttpClient client;

    ChatModel(Settings settings) {
        this(settings, Backoff.sleeping());
    }

    ChatModel(Settings settings, Backoff backoff) {
        this.settings = settings;
        this.backoff = backoff;
    }

    @Override
    public void init(ServiceContext context) {
        client = HttpClient.newBuilder().connectTimeout(settings.timeout).build();
    }

    @Override
    public String generate(Prompt prompt) throws IOException, InterruptedException {
        HttpRequest request = request(prompt);
        for (int attempt = 1; ; attempt++) {
            try {
                return content(send(request));
            } catch (RefusedException e) {
                throw e;
            } catch (IOException e) {
                if (attempt == ATTEMPTS) {
                    throw new IOException("After " + attempt + " attempts: " + e.getMessage(), e);
                }
                backoff.beforeRetry(attempt, e instanceof BusyException busy ? busy.retryAfter : Duration.ZERO);
            }
        }
    }

    private HttpRequest request(Prompt prompt) throws IOException {
        ObjectNode body = Json.MAPPER.createObjectNode().put("model", settings.model);
        body.putArray("messages")
                .add(Json.MAPPER.createObjectNode().put("role", "system").put("content", prompt.task()))
                .add(Json.MAPPER.createObjectNode().put("role", "user").put("content", prompt.question()));
        HttpRequest.Builder request = HttpRequest.newBuilder(settings.endpoint())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(Json.line(body)));
        if (!settings.key.isEmpty()) {
            request.header("Authorization", "Bearer " + settings.key);
        }
        return request.build();
    }

    /** The body of a good answer. {@link HttpRequest#timeout} would not do: it ends with the answer's headers. */
    private String send(HttpRequest request) throws IOException, InterruptedException {
        HttpClient opened = client;
        if (opened == null) {
            throw new IllegalStateException("The model was asked before it was initialized.");
        }
        CompletableFuture<HttpResponse<String>> response =
                opened.sendAsync(request, HttpResponse.BodyHandlers.ofString());
        try {
            return checked(response.get(settings.timeout.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException e) {
            throw new IOException(request.uri() + ": " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new IOException(request.uri() + " did not answer within " + settings.timeout.toSeconds() + " s", e);
        } finally {
            response.cancel(true);
        }
    }

    private static String checked(HttpResponse<String> response) throws IOException {
        int status = response.statusCode();
        if (status == 200) {
            return response.body();
        }
        String body = response.body().strip();
        String said = response.uri() + " answered " + status + ": "
                + (body.length() > EXCERPT ? body.substring(0, EXCERPT) + "…" : body);
        if (status == 429 || status >= 500) {
            throw new BusyException(said, Backoff.retryAfter(response.headers().firstValue("Retry-After")));
        }
        throw new RefusedException(status == 401 ? said + " Maybe OPENAI_API_KEY is missing or wrong." : said);
    }

    private String content(String body) throws IOException {
        JsonNode content = Json.MAPPER.readTree(body).at("/choices/0/message/content");
        if (!content.isTextual()) {
            throw new RefusedException(settings.endpoint() + " answered without /choices/0/message/content.");
        }
        return content.textValue().strip();
    }

    @Override
    public void cleanup() throws Exception {
        // It is closeable from Java 21 on; before, its threads end when nothing refers to it any more.
        Object closing = client;
        client = null;
        if (closing instanceof AutoCloseable closeable) {
            closeable.close();
        }
    }

    /**
     * How to reach a model.
     *
     * @param url of the server, with or without {@code /v1} and {@code /chat/completions}
     * @param key empty for a server that needs none
     * @param timeout of one request
     */
    record Settings(URI url, String model, String key, Duration timeout) {

        URI endpoint() {
            String text = url.toString();
            String base = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
            if (base.endsWith("/chat/completions")) {
                return URI.create(base);
            }
            return URI.create(base + (base.endsWith("/v1") ? "" : "/v1") + "/chat/completions");
        }

        /** Without the key, which belongs into no log. */
        @Override
        public String toString() {
            return model + " at " + url;
        }
    }

    /** Later it may work. */
    private static final class BusyException extends IOException {
        private static final long serialVersionUID = 1;

        private final Duration retryAfter;

        BusyException(String message, Duration retryAfter) {
            super(message);
            this.retryAfter = retryAfter;
        }
    }

    /** It will not work later either. */
    private static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1;

        RefusedException(String message) {
            super(message);
        }
    }
}
