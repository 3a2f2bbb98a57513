package dev.sage.client.http;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.sage.client.wire.Problem;
import dev.sage.client.wire.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** Plays a node: answers what it is told to, byte by byte, and can break off anywhere, go away and come back. */
public final class FakeNode implements AutoCloseable {
    /** What was asked. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Request(String method, String path, Map<String, String> headers, byte[] body) {
        public String line() {
            return method + " " + path;
        }

        public long after() {
            return Long.parseLong(headers.getOrDefault("last-event-id", "0"));
        }

        public <T> T as(Class<T> type) {
            try {
                return Wire.mapper().readValue(body, type);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** What becomes of a connection after an answer. */
    public enum Then {
        CLOSE,
        HOLD,
        READ_ON
    }

    /** Raw bytes. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Answer(byte[] bytes, Then then) {
        public Answer cut(int length) {
            return new Answer(Arrays.copyOf(bytes, Math.min(length, bytes.length)), Then.CLOSE);
        }

        public Answer then(Then other) {
            return new Answer(bytes, other);
        }
    }

    /** The connection is closed without a word. */
    public static final Answer NOTHING = new Answer(new byte[0], Then.CLOSE);

    /** The connection stays open without a word. */
    public static final Answer SILENCE = new Answer(new byte[0], Then.HOLD);

    private final Function<Request, Answer> behaviour;
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private final int port;
    private volatile ServerSocket server;

    public FakeNode(Function<Request, Answer> behaviour) {
        this.behaviour = behaviour;
        this.server = listen(0);
        this.port = server.getLocalPort();
    }

    public static Answer json(int status, Object value) {
        try {
            return answer(status, "application/json", Wire.mapper().writeValueAsBytes(value));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Answer problem(int status, String code, String detail) {
        try {
            return answer(
                    status,
                    Problem.MEDIA_TYPE,
                    Wire.mapper().writeValueAsBytes(Problem.of(status, code, "Problem", detail, "Do this.")));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Answer answer(int status, String type, byte[] body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(("HTTP/1.1 " + status + " S\r\nContent-Type: " + type + "\r\nContent-Length: " + body.length
                        + "\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8));
        out.writeBytes(body);
        return new Answer(out.toByteArray(), Then.CLOSE);
    }

    /** @param ends whether the stream ends with its last frame; otherwise it stays open, in silence */
    public static Answer events(List<String> frames, boolean ends) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(
                "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=UTF-8\r\nTransfer-Encoding: chunked\r\n\r\n"
                        .getBytes(StandardCharsets.UTF_8));
        for (String frame : frames) {
            byte[] bytes = frame.getBytes(StandardCharsets.UTF_8);
            out.writeBytes((Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.UTF_8));
            out.writeBytes(bytes);
            out.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
        }
        if (ends) {
            out.writeBytes("0\r\n\r\n".getBytes(StandardCharsets.UTF_8));
        }
        return new Answer(out.toByteArray(), ends ? Then.CLOSE : Then.HOLD);
    }

    public static String frame(long id, String type, String data) {
        return "id: " + id + "\nevent: " + type + "\ndata: " + data + "\n\n";
    }

    public NodeAddress address() {
        return new NodeAddress("127.0.0.1", port);
    }

    public List<Request> requests() {
        return requests;
    }

    public List<String> lines() {
        return requests.stream().map(Request::line).toList();
    }

    /** How many connections there were. */
    public int accepted() {
        return accepted.get();
    }

    /** Breaks all connections, and refuses new ones. */
    public void goAway() throws IOException {
        server.close();
        for (Socket connection : connections) {
            connection.close();
        }
    }

    /** A connection that a client attempted meanwhile may have the port for a moment. */
    public void comeBack() {
        await().ignoreException(UncheckedIOException.class).until(() -> {
            server = listen(port);
            return true;
        });
    }

    @Override
    public void close() throws IOException {
        goAway();
    }

    private ServerSocket listen(int onPort) {
        try {
            ServerSocket socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), onPort), 500);
            daemon("fake-node", () -> accept(socket));
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept(ServerSocket socket) {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                connections.add(connection);
                accepted.incrementAndGet();
                daemon("fake-connection", () -> serve(connection));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket connection) {
        try {
            Then then = Then.READ_ON;
            while (then == Then.READ_ON) {
                Request request = read(connection.getInputStream());
                requests.add(request);
                Answer answer = behaviour.apply(request);
                connection.getOutputStream().write(answer.bytes());
                then = answer.then();
            }
            if (then == Then.HOLD) {
                return;
            }
            connection.close();
        } catch (IOException gone) {
            // The client went away, or the node.
        }
        connections.remove(connection);
    }

    private static Request read(InputStream in) throws IOException {
        String[] first = line(in).split(" ");
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        byte[] body = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
        return new Request(first[0], first[1], headers, body);
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new IOException("closed");
            }
            line.write(b);
        }
        return line.toString(StandardCharsets.UTF_8).stripTrailing();
    }

    private static void daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }
}
