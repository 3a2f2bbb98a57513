package dev.sage.cli.remote;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A node for tests: answers what it was told to, and remembers what it was asked. */
public final class FakeNode implements AutoCloseable {
    public static final String TOKEN = "secret";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    public final List<String> asked = new CopyOnWriteArrayList<>();
    public final List<String> headers = new CopyOnWriteArrayList<>();

    /** Writes the body of an answer. */
    @FunctionalInterface
    public interface Body {
        void write(OutputStream out) throws IOException, InterruptedException;
    }

    private record Answer(int status, String type, Body body) {}

    public FakeNode() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    public int port() {
        return server.getAddress().getPort();
    }

    public String address() {
        return "127.0.0.1:" + port();
    }

    /**
     * Answers JSON.
     *
     * @param request method and path, with the query or without
     */
    public FakeNode json(String request, String body) {
        return answer(request, 200, "application/json", text(body));
    }

    public FakeNode text(String request, String body) {
        return answer(request, 200, "text/plain", text(body));
    }

    public FakeNode problem(String request, int status, String code, String detail, String next) {
        String body = "{\"type\":\"urn:sage:problem:" + code + "\",\"title\":\"t\",\"status\":" + status
                + ",\"code\":\"" + code + "\",\"detail\":\"" + detail + "\",\"next\":\"" + next + "\"}";
        return answer(request, status, "application/problem+json", text(body));
    }

    /** A stream with these data, each an object whose type is also that of its event; then it ends. */
    public FakeNode events(String request, String... data) {
        return stream(request, out -> {
            for (int i = 0; i < data.length; i++) {
                out.write(event(i + 1, data[i]));
            }
        });
    }

    public FakeNode stream(String request, Body body) {
        return answer(request, 200, "text/event-stream", body);
    }

    public static byte[] event(int number, String data) {
        String type = data.replaceAll("(?s).*?\"type\":\"([^\"]*)\".*", "$1");
        return ("id: " + number + "\nevent: " + (type.equals(data) ? "line" : type) + "\ndata: " + data + "\n\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    private FakeNode answer(String request, int status, String type, Body body) {
        answers.put(request, new Answer(status, type, body));
        return this;
    }

    private static Body text(String body) {
        return out -> out.write(body.getBytes(StandardCharsets.UTF_8));
    }

    private void handle(HttpExchange exchange) throws IOException {
        String whole = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        asked.add(body.isEmpty() ? whole : whole + " " + body);
        exchange.getRequestHeaders().forEach((name, values) -> headers.add(name + ": " + values.get(0)));
        Answer answer = answers.getOrDefault(
                whole,
                answers.getOrDefault(
                        whole.replaceFirst("\\?.*", ""),
                        new Answer(
                                404,
                                "application/problem+json",
                                text("{\"code\":\"job.unknown\",\"status\":404,"
                                        + "\"detail\":\"There is no such thing: " + whole + ".\"}"))));
        boolean known = ("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"));
        if (!known) {
            answer = new Answer(
                    401,
                    "application/problem+json",
                    text("{\"code\":\"token.refused\",\"status\":401,\"detail\":\"The token is not known here.\"}"));
        }
        exchange.getResponseHeaders().add("Content-Type", answer.type());
        exchange.sendResponseHeaders(answer.status(), 0);
        try (OutputStream out = exchange.getResponseBody()) {
            answer.body().write(out);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
