package dev.sage.client.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.sage.client.wire.Problem;
import dev.sage.client.wire.Wire;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.HttpRetryException;
import java.net.HttpURLConnection;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Requests to a node. May be used from any thread; every method blocks until the answer is there, at most as long as {@link
 * HttpTimes} says. Paths begin with a slash, for example {@code /v1/jobs}.
 *
 * <p>All methods throw {@link NodeProblemException} when the node refuses, and {@link NodeUnreachableException} when it does
 * not answer. Nothing is tried a second time.
 */
public final class NodeHttp implements AutoCloseable {
    private static final String JSON = "application/json";
    private static final String BYTES = "application/octet-stream";

    /** Makes something of an answer. */
    @FunctionalInterface
    public interface Content<T> {
        T read(InputStream in) throws IOException;
    }

    private final NodeAddress address;
    private final Optional<String> token;
    private final HttpTimes times;
    private final IdleConnections idle;

    public NodeHttp(NodeAddress address, Optional<String> token, HttpTimes times) {
        this(address, token, times, new IdleConnections());
    }

    private NodeHttp(NodeAddress address, Optional<String> token, HttpTimes times, IdleConnections idle) {
        this.address = address;
        this.token = token;
        this.times = times;
        this.idle = idle;
    }

    /** The same node, with other patience. */
    public NodeHttp with(HttpTimes changed) {
        return new NodeHttp(address, token, changed, idle);
    }

    int idleConnections() {
        return idle.size();
    }

    /** Closes the connections that wait for another stream of events; requests may still be made, each on its own then. */
    @Override
    public void close() {
        idle.close();
    }

    public NodeAddress address() {
        return address;
    }

    public HttpTimes times() {
        return times;
    }

    public <T> T get(String path, Class<T> type) {
        return bound(path, type, send("GET", path, Map.of(), Body.NONE));
    }

    public JsonNode getJson(String path) {
        return bound(path, JsonNode.class, send("GET", path, Map.of(), Body.NONE));
    }

    /** The answer as it came, as UTF-8; no JSON is parsed. */
    public String getText(String path) {
        return new String(send("GET", path, Map.of(), Body.NONE), StandardCharsets.UTF_8);
    }

    /**
     * Posts and binds the answer.
     *
     * @param body written as JSON; null for none
     */
    public <T> T post(String path, @Nullable Object body, Class<T> type) {
        return post(path, body, type, Map.of());
    }

    /**
     * Posts with more headers.
     *
     * @param body written as JSON; null for none
     */
    public <T> T post(String path, @Nullable Object body, Class<T> type, Map<String, String> headers) {
        return bound(path, type, send("POST", path, headers, json(body)));
    }

    /**
     * Posts; the answer is given as it came.
     *
     * @param body written as JSON; null for none
     */
    public String postText(String path, @Nullable Object body) {
        return new String(send("POST", path, Map.of(), json(body)), StandardCharsets.UTF_8);
    }

    /**
     * Puts and binds the answer.
     *
     * @param body written as JSON; null for none
     */
    public <T> T put(String path, @Nullable Object body, Class<T> type) {
        return bound(path, type, send("PUT", path, Map.of(), json(body)));
    }

    public <T> T delete(String path, Class<T> type) {
        return bound(path, type, send("DELETE", path, Map.of(), Body.NONE));
    }

    public String deleteText(String path) {
        return new String(send("DELETE", path, Map.of(), Body.NONE), StandardCharsets.UTF_8);
    }

    /** Whether the node has it, asked by {@code HEAD}. */
    public boolean exists(String path) {
        try {
            send("HEAD", path, Map.of(), Body.NONE);
            return true;
        } catch (NodeProblemException refused) {
            if (refused.status() == HttpURLConnection.HTTP_NOT_FOUND) {
                return false;
            }
            throw refused;
        }
    }

    /** Bytes to the node, and bytes back. */
    public byte[] exchange(String path, byte[] body) {
        return send("POST", path, Map.of(), new Body(BYTES, body.length, new ByteArrayInputStream(body)));
    }

    /**
     * Puts something there, without holding it in memory.
     *
     * @param length in bytes
     * @param content is read at most once, and closed by whoever opened it
     */
    public void upload(String path, long length, InputStream content) {
        send("PUT", path, Map.of(), new Body(BYTES, length, content));
    }

    /**
     * Reads the answer while it comes, without holding it in memory.
     *
     * @throws NodeUnreachableException also when the answer breaks off, or the content throws
     */
    public <T> T download(String path, Content<T> content) {
        return talk("GET", path, Map.of(), Body.NONE, content);
    }

    /**
     * Follows a stream of server-sent events on a thread of its own. It is resumed where it broke, with growing pauses,
     * until its listener has heard the end; see {@link EventStream}.
     *
     * @param after the number of the last event that is known already; 0 for all
     * @param name of the thread
     */
    public EventStream events(String path, long after, String name, EventStream.Listener listener) {
        return EventStream.start(new EventSource(address, token, times, idle, path, true), after, name, listener);
    }

    /** As {@link #events}, for a stream whose past does not matter: it begins anew after a break. */
    public EventStream news(String path, String name, EventStream.Listener listener) {
        return EventStream.start(new EventSource(address, token, times, idle, path, false), 0, name, listener);
    }

    private record Body(@Nullable String type, long length, InputStream content) {
        static final Body NONE = new Body(null, 0, InputStream.nullInputStream());
    }

    private static Body json(@Nullable Object body) {
        if (body == null) {
            return Body.NONE;
        }
        try {
            byte[] text = Wire.mapper().writeValueAsBytes(body);
            return new Body(JSON, text.length, new ByteArrayInputStream(text));
        } catch (JsonProcessingException unwritable) {
            throw new IllegalArgumentException("A " + body.getClass().getName() + " cannot be JSON.", unwritable);
        }
    }

    private <T> T bound(String path, Class<T> type, byte[] answer) {
        try {
            return Wire.mapper().readValue(answer, type);
        } catch (IOException other) {
            throw Refusals.noNode(address, "its answer to " + path + " is not what a Sage node says", other);
        }
    }

    private byte[] send(String method, String path, Map<String, String> headers, Body body) {
        return talk(method, path, headers, body, InputStream::readAllBytes);
    }

    private <T> T talk(String method, String path, Map<String, String> headers, Body body, Content<T> reader) {
        boolean[] connected = {false};
        try {
            HttpURLConnection http = open(method, path, headers, body);
            http.connect();
            connected[0] = true;
            if (body.type() != null) {
                write(body, http);
            }
            int status = status(http);
            if (status >= 400) {
                throw new NodeProblemException(problem(status, http));
            }
            if (status < 200 || status > 299) {
                throw Refusals.noNode(address, "it answered " + method + " " + path + " with " + status, null);
            }
            try (InputStream in = whole(http)) {
                return reader.read(in);
            }
        } catch (IOException broken) {
            throw unreachable(method + " " + path, connected[0], broken);
        }
    }

    private HttpURLConnection open(String method, String path, Map<String, String> headers, Body body)
            throws IOException {
        HttpURLConnection http =
                (HttpURLConnection) address.base().resolve(path).toURL().openConnection();
        http.setRequestMethod(method);
        http.setConnectTimeout((int) times.connect().toMillis());
        http.setReadTimeout((int) times.answer().toMillis());
        http.setUseCaches(false);
        http.setInstanceFollowRedirects(false);
        http.setRequestProperty("Accept", "application/json, */*;q=0.5");
        token.ifPresent(secret -> http.setRequestProperty("Authorization", "Bearer " + secret));
        headers.forEach(http::setRequestProperty);
        if (body.type() != null) {
            http.setRequestProperty("Content-Type", body.type());
        }
        if (body.type() != null || method.equals("POST")) {
            http.setDoOutput(true);
            // Streaming, so that the JDK does not send a POST a second time on its own when a connection breaks.
            http.setFixedLengthStreamingMode(body.length());
        }
        return http;
    }

    /** A node that refuses may do so before it has read everything; its answer is worth more than the broken pipe. */
    private static void write(Body body, HttpURLConnection http) throws IOException {
        try (InputStream content = body.content();
                OutputStream out = http.getOutputStream()) {
            content.transferTo(out);
        } catch (IOException broken) {
            try {
                if (http.getResponseCode() >= 400) {
                    return;
                }
            } catch (IOException noAnswer) {
                broken.addSuppressed(noAnswer);
            }
            throw broken;
        }
    }

    /** The JDK takes headers or a body that break off for all that there is, unless it keeps the connection alive. */
    private static InputStream whole(HttpURLConnection http) throws IOException {
        long length = http.getContentLengthLong();
        boolean chunked = http.getHeaderField("Transfer-Encoding") != null;
        if (length < 0 && !chunked && http.getResponseCode() != HttpURLConnection.HTTP_NO_CONTENT) {
            throw new EOFException("the answer does not tell how long it is");
        }
        boolean counted = length >= 0 && !http.getRequestMethod().equals("HEAD");
        return counted ? new WholeBody(http.getInputStream(), length) : http.getInputStream();
    }

    private static int status(HttpURLConnection http) throws IOException {
        try {
            return http.getResponseCode();
        } catch (HttpRetryException unauthorized) {
            // What the JDK makes of a 401 to a streamed body.
            return unauthorized.responseCode();
        }
    }

    private Problem problem(int status, HttpURLConnection http) throws IOException {
        try (InputStream error = http.getErrorStream()) {
            byte[] text = error == null ? new byte[0] : error.readAllBytes();
            return Refusals.problem(address, status, http.getContentType(), text);
        }
    }

    private NodeUnreachableException unreachable(String request, boolean connected, IOException broken) {
        if (broken instanceof UnknownHostException) {
            return new NodeUnreachableException(
                    "There is no host '" + address.host() + "'. Check the address of the node.", true, broken);
        }
        if (!connected || broken instanceof ConnectException || broken instanceof NoRouteToHostException) {
            return Refusals.unconnected(address, times, broken);
        }
        String how = broken instanceof SocketTimeoutException
                ? "did not answer within " + times.answer().toMillis() + " ms"
                : "broke the connection off (" + broken + ")";
        return new NodeUnreachableException(
                "The node at " + address + " " + how + ", asked for " + request + ". See \"sage jobmanager status\".",
                false,
                broken);
    }
}
