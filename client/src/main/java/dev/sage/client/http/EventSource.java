package dev.sage.client.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Asks for one stream of events. On bare sockets: closing an {@code HttpURLConnection} waits for the thread that reads from
 * it, and a socket does not.
 */
record EventSource(
        NodeAddress address,
        Optional<String> token,
        HttpTimes times,
        IdleConnections idle,
        String path,
        boolean resumed) {
    private static final int LINE_BYTES = 64 * 1024 * 1024;
    private static final int HEADERS = 200;

    /**
     * Asks for what follows an event.
     *
     * @return the lines of the answer; it ends with {@link EOFException} where the connection broke, and with null where
     *     the server ended it
     * @throws NodeProblemException when the node refuses
     */
    Lines open(EventConnection connection, long after) throws IOException {
        StringBuilder request = new StringBuilder("GET " + path + " HTTP/1.1\r\n")
                .append("Host: ")
                .append(address)
                .append("\r\n")
                .append("Accept: text/event-stream\r\nCache-Control: no-cache\r\n");
        token.ifPresent(secret ->
                request.append("Authorization: Bearer ").append(secret).append("\r\n"));
        if (resumed && after > 0) {
            request.append("Last-Event-ID: ").append(after).append("\r\n");
        }
        InputStream in = connection.ask(request.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
        Lines head = new Lines(in, false);
        String[] status = head.need().split(" ", 3);
        if (status.length < 2 || !status[0].startsWith("HTTP/1.") || !status[1].matches("\\d{3}")) {
            throw Refusals.noNode(address, "it does not speak HTTP", null);
        }
        Map<String, String> headers = headers(head);
        InputStream body = "chunked".equalsIgnoreCase(headers.get("transfer-encoding")) ? new Chunks(in) : in;
        int code = Integer.parseInt(status[1]);
        if (code != 200) {
            throw new NodeProblemException(Refusals.problem(
                    address, code, headers.get("content-type"), body(body, headers.get("content-length"))));
        }
        if (!headers.getOrDefault("content-type", "").startsWith("text/event-stream")) {
            throw Refusals.noNode(address, "it answered " + path + " with no event stream", null);
        }
        return new Lines(body, true);
    }

    private static Map<String, String> headers(Lines head) throws IOException {
        Map<String, String> headers = new TreeMap<>();
        for (String line = head.need(); !line.isEmpty(); line = head.need()) {
            int colon = line.indexOf(':');
            if (colon > 0 && headers.size() < HEADERS) {
                headers.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
        }
        return headers;
    }

    private static byte[] body(InputStream in, @Nullable String length) throws IOException {
        return length == null
                ? in.readNBytes(LINE_BYTES)
                : in.readNBytes(Math.min(LINE_BYTES, Integer.parseInt(length)));
    }

    /** Lines that end with LF or CRLF. */
    record Lines(InputStream in, boolean mayEnd) {
        private static final int LINES_TO_THE_END = 100;

        /** Reads on; whether the answer has come to its end soon, and well, so that the connection is free for the next. */
        boolean readToEnd() throws IOException {
            for (int i = 0; i < LINES_TO_THE_END; i++) {
                if (next() == null) {
                    return in instanceof Chunks chunks && chunks.isWhole();
                }
            }
            return false;
        }

        /** The next, or null after the last; what stands without a line end at the end does not count. */
        @Nullable
        String next() throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int b = in.read(); b != '\n'; b = in.read()) {
                if (b < 0) {
                    if (mayEnd) {
                        return null;
                    }
                    throw new EOFException("the connection was closed");
                }
                if (line.size() == LINE_BYTES) {
                    throw new IOException("a line of more than " + LINE_BYTES + " bytes");
                }
                line.write(b);
            }
            String text = line.toString(StandardCharsets.UTF_8);
            return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
        }

        String need() throws IOException {
            String line = next();
            if (line == null) {
                throw new EOFException("the connection was closed");
            }
            return line;
        }
    }
}
