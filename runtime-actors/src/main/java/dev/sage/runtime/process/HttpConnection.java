package dev.sage.runtime.process;

import dev.sage.api.ProcessEndpoint.Reply;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 to a program, one request after the other, on the caller's thread. The JDK's clients would not do:
 * of {@code HttpURLConnection} a deadline ends with a server that sends a byte now and then, it knows no PATCH and sends a
 * POST again by itself; {@code HttpClient} has threads that cannot be ended before Java 21.
 *
 * <p>All of it, also connecting and sending, ends at the deadline with a {@link SocketTimeoutException}, and at an interrupt
 * with an {@link InterruptedIOException} and the thread's flag set. After an exception it can only be closed.
 */
final class HttpConnection implements AutoCloseable {
    /** Where the programs of this machine listen. */
    static final String LOOPBACK = "127.0.0.1";

    private static final int BUFFER_BYTES = 16 * 1024;
    private static final int MAX_HEAD_BYTES = 64 * 1024;

    private final String host;
    private final int port;
    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey key;
    private final ByteBuffer in = ByteBuffer.allocate(BUFFER_BYTES).flip();
    private int headBytes;
    private boolean reusable;

    private HttpConnection(String host, int port, SocketChannel channel, Selector selector, SelectionKey key) {
        this.host = host;
        this.port = port;
        this.channel = channel;
        this.selector = selector;
        this.key = key;
    }

    /** Blocks until the port has taken the connection; {@link ConnectException} when it refuses. */
    static HttpConnection open(String host, int port, long deadlineNanos) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            channel.configureBlocking(false);
            Selector selector = Selector.open();
            try {
                HttpConnection connection =
                        new HttpConnection(host, port, channel, selector, channel.register(selector, 0));
                connection.connect(deadlineNanos);
                return connection;
            } catch (IOException | RuntimeException e) {
                selector.close();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private void connect(long deadlineNanos) throws IOException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getByName(host), port);
        if (!channel.connect(address)) {
            do {
                await(SelectionKey.OP_CONNECT, deadlineNanos);
            } while (!channel.finishConnect());
        }
        if (channel.getLocalAddress().equals(address)) {
            throw new ConnectException("Port " + port + " was connected to itself: nobody listens there");
        }
    }

    /** Whether the other side has not closed it while it was idle. */
    boolean isUsable() {
        if (!reusable) {
            return false;
        }
        try {
            // Neither an end nor bytes that nobody asked for.
            return channel.read(ByteBuffer.allocate(1)) == 0;
        } catch (IOException broken) {
            return false;
        }
    }

    /** @param maxBytes of the answer's body */
    Reply exchange(String method, String path, byte @Nullable [] body, int maxBytes, long deadlineNanos)
            throws IOException {
        reusable = false;
        IOException sending = send(head(method, path, body), body, deadlineNanos);
        try {
            return receive(method, maxBytes, deadlineNanos);
        } catch (EOFException e) {
            throw sending == null ? e : sending;
        }
    }

    private byte[] head(String method, String path, byte @Nullable [] body) {
        StringBuilder head = new StringBuilder(method).append(' ').append(path).append(" HTTP/1.1\r\n");
        head.append("Host: ").append(host).append(':').append(port).append("\r\n");
        head.append("Accept: */*\r\nAccept-Encoding: identity\r\n");
        if (body != null) {
            head.append("Content-Type: application/json\r\nContent-Length: ")
                    .append(body.length)
                    .append("\r\n");
        } else if (!method.equals("GET") && !method.equals("HEAD")) {
            head.append("Content-Length: 0\r\n");
        }
        return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** A server may answer and close before it has read everything: then the answer tells more than this exception. */
    private @Nullable IOException send(byte[] head, byte @Nullable [] body, long deadlineNanos) throws IOException {
        ByteBuffer[] out = {ByteBuffer.wrap(head), ByteBuffer.wrap(body == null ? new byte[0] : body)};
        while (out[0].hasRemaining() || out[1].hasRemaining()) {
            try {
                if (channel.write(out) > 0) {
                    continue;
                }
            } catch (IOException broken) {
                return broken;
            }
            await(SelectionKey.OP_WRITE, deadlineNanos);
        }
        return null;
    }

    private Reply receive(String method, int maxBytes, long deadlineNanos) throws IOException {
        Head head = head(deadlineNanos);
        while (head.status >= 100 && head.status < 200) {
            head = head(deadlineNanos);
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        boolean bounded = true;
        if (method.equals("HEAD") || head.status == 204 || head.status == 304) {
            body.reset();
        } else if (head.chunked) {
            readChunks(body, maxBytes, deadlineNanos);
        } else if (head.length >= 0) {
            readBody(body, head.length, maxBytes, deadlineNanos);
        } else {
            bounded = false;
            while (fill(deadlineNanos)) {
                take(body, in.remaining(), maxBytes);
            }
        }
        reusable = bounded && !head.close && !in.hasRemaining();
        return new Reply(head.status, body.toString(StandardCharsets.UTF_8));
    }

    private Head head(long deadlineNanos) throws IOException {
        headBytes = 0;
        String first = line(deadlineNanos);
        String[] parts = first.split(" ", 3);
        if (parts.length < 2 || !parts[0].startsWith("HTTP/1.") || !parts[1].matches("[1-9][0-9][0-9]")) {
            throw new IOException("Port " + port + " does not answer as HTTP/1.1 does, but with '" + first + "'");
        }
        Head head = new Head(Integer.parseInt(parts[1]), parts[0].equals("HTTP/1.0"));
        for (String line = line(deadlineNanos); !line.isEmpty(); line = line(deadlineNanos)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                String value = line.substring(colon + 1).strip();
                head.header(line.substring(0, colon).toLowerCase(Locale.ROOT), value);
            }
        }
        return head;
    }

    private void readChunks(ByteArrayOutputStream body, int maxBytes, long deadlineNanos) throws IOException {
        headBytes = 0;
        while (true) {
            String size = line(deadlineNanos).split(";", 2)[0].strip();
            long bytes = number(size, 16);
            if (bytes == 0) {
                break;
            }
            readBody(body, bytes, maxBytes, deadlineNanos);
            line(deadlineNanos);
            headBytes = 0;
        }
        while (!line(deadlineNanos).isEmpty()) {
            // Trailers.
        }
    }

    private void readBody(ByteArrayOutputStream body, long bytes, int maxBytes, long deadlineNanos) throws IOException {
        if (bytes > maxBytes - body.size()) {
            throw tooLong(maxBytes);
        }
        long missing = bytes;
        while (missing > 0) {
            if (!fill(deadlineNanos)) {
                throw new EOFException(
                        "The connection was closed within an answer, " + missing + " bytes before its end");
            }
            int count = (int) Math.min(missing, in.remaining());
            take(body, count, maxBytes);
            missing -= count;
        }
    }

    private void take(ByteArrayOutputStream body, int count, int maxBytes) throws IOException {
        if (count > maxBytes - body.size()) {
            throw tooLong(maxBytes);
        }
        body.write(in.array(), in.position(), count);
        in.position(in.position() + count);
    }

    private IOException tooLong(int maxBytes) {
        return new IOException("Port " + port + " answered with more than " + maxBytes
                + " bytes, which sage.process.answer-bytes allows. Ask for less, or raise it.");
    }

    private String line(long deadlineNanos) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            if (!fill(deadlineNanos)) {
                throw new EOFException("Port " + port + " closed the connection without an answer");
            }
            byte next = in.get();
            if (next == '\n') {
                return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
            }
            line.write(next);
            if (++headBytes > MAX_HEAD_BYTES) {
                throw new IOException(
                        "Port " + port + " answered with more than " + MAX_HEAD_BYTES + " bytes of headers");
            }
        }
    }

    /** Some bytes are there; false at the end. */
    private boolean fill(long deadlineNanos) throws IOException {
        while (!in.hasRemaining()) {
            in.clear();
            int read;
            try {
                read = channel.read(in);
            } finally {
                in.flip();
            }
            if (read < 0) {
                return false;
            }
            if (read == 0) {
                await(SelectionKey.OP_READ, deadlineNanos);
            }
        }
        if (System.nanoTime() - deadlineNanos >= 0) {
            throw late();
        }
        return true;
    }

    private void await(int operation, long deadlineNanos) throws IOException {
        long left = deadlineNanos - System.nanoTime();
        if (left <= 0) {
            throw late();
        }
        key.interestOps(operation);
        selector.select(Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
        selector.selectedKeys().clear();
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("Interrupted while waiting for port " + port);
        }
    }

    private SocketTimeoutException late() {
        return new SocketTimeoutException("Port " + port + " did not answer in time");
    }

    private long number(String text, int radix) throws IOException {
        try {
            long number = Long.parseLong(text, radix);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException notOne) {
            // Told below.
        }
        throw new IOException("Port " + port + " answered with '" + text + "' for a length");
    }

    @Override
    public void close() {
        try {
            selector.close();
            channel.close();
        } catch (IOException alreadyBroken) {
            reusable = false;
        }
    }

    /** What the status line and the headers say about the answer. */
    private final class Head {
        final int status;
        long length = -1;
        boolean chunked;
        boolean close;

        Head(int status, boolean close) {
            this.status = status;
            this.close = close;
        }

        void header(String name, String value) throws IOException {
            switch (name) {
                case "content-length" -> length = number(value, 10);
                case "transfer-encoding" ->
                    chunked = value.toLowerCase(Locale.ROOT).endsWith("chunked");
                case "connection" ->
                    close = !value.equalsIgnoreCase("keep-alive")
                            && (close || value.toLowerCase(Locale.ROOT).contains("close"));
                default -> {}
            }
        }
    }
}
