package dev.sage.runtime.process;

import dev.sage.api.ProcessEndpoint.Reply;
import dev.sage.api.ServiceException;
import dev.sage.api.spi.JsonFormat;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.jspecify.annotations.Nullable;

/** The requests to one port, over connections that are kept open between them: as many as there were calls at once. */
final class HttpCalls implements AutoCloseable {
    private static final int EXCERPT = 200;

    private final String service;
    private final String host;
    private final int port;
    private final Duration timeout;
    private final int answerBytes;
    private final JsonFormat json;
    private final Deque<HttpConnection> idle = new ConcurrentLinkedDeque<>();
    private volatile boolean closed;

    HttpCalls(String service, String host, int port, Duration timeout, int answerBytes, JsonFormat json) {
        this.service = service;
        this.host = host;
        this.port = port;
        this.timeout = timeout;
        this.answerBytes = answerBytes;
        this.json = json;
    }

    /** Blocks until the port has taken a connection, at most as long as a call. */
    void reach() throws IOException {
        giveBack(connection(System.nanoTime() + timeout.toNanos()));
    }

    Reply request(String method, String path, @Nullable Object body) throws IOException {
        if (!method.matches("[A-Z]+")) {
            throw new IllegalArgumentException("The HTTP method '" + method + "' is not one, as \"GET\" is.");
        }
        if (!path.matches("/[!-~]*")) {
            throw new IllegalArgumentException(
                    "The path '" + path + "' does not begin with a slash, or has characters that"
                            + " a URL has not. Encode them, as in \"/a%20b\".");
        }
        byte[] bytes = body == null ? null : text(body).getBytes(StandardCharsets.UTF_8);
        long deadline = System.nanoTime() + timeout.toNanos();
        HttpConnection connection = null;
        try {
            connection = connection(deadline);
            Reply reply = connection.exchange(method, path, bytes, answerBytes, deadline);
            giveBack(connection);
            return reply;
        } catch (SocketTimeoutException late) {
            close(connection);
            throw new ServiceException(
                    "service.timeout",
                    method + " " + path + " of service '" + service + "' was not answered within " + timeout
                            + ". Give the service a longer callTimeout, or ask for less.",
                    late);
        } catch (IOException | RuntimeException e) {
            close(connection);
            throw e;
        }
    }

    <T> T call(String method, String path, @Nullable Object body, Class<T> type) throws IOException {
        Reply reply = request(method, path, body);
        if (reply.status() < 200 || reply.status() > 299) {
            throw new IOException(told(method, path) + reply.status() + ": " + excerpt(reply.body()));
        }
        if (type == String.class) {
            return type.cast(reply.body());
        }
        T value;
        try {
            value = json.read(reply.body(), type);
        } catch (IOException e) {
            throw new IOException(
                    told(method, path) + "what is no " + type.getName() + " as JSON: " + e.getMessage() + ": "
                            + excerpt(reply.body()),
                    e);
        }
        if (value == null) {
            throw new IOException(told(method, path) + "null, which is no " + type.getName());
        }
        return value;
    }

    private String told(String method, String path) {
        return method + " " + path + " of service '" + service + "' was answered with ";
    }

    private String text(Object body) throws IOException {
        return body instanceof String text ? text : json.write(body);
    }

    private static String excerpt(String body) {
        return body.length() <= EXCERPT ? body : body.substring(0, EXCERPT) + "…";
    }

    private HttpConnection connection(long deadline) throws IOException {
        for (HttpConnection kept = idle.pollFirst(); kept != null; kept = idle.pollFirst()) {
            if (kept.isUsable()) {
                return kept;
            }
            kept.close();
        }
        return HttpConnection.open(host, port, deadline);
    }

    private void giveBack(HttpConnection connection) {
        idle.addFirst(connection);
        if (closed) {
            close();
        }
    }

    private static void close(@Nullable HttpConnection connection) {
        if (connection != null) {
            connection.close();
        }
    }

    /** Those in use are closed when their call ends. */
    @Override
    public void close() {
        closed = true;
        for (HttpConnection kept = idle.pollFirst(); kept != null; kept = idle.pollFirst()) {
            kept.close();
        }
    }
}
