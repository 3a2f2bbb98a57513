package dev.sage.node.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Plain requests over plain sockets, one connection each: nothing between the test and the bytes. */
record Web(int port) {
    static final ObjectMapper JSON = new ObjectMapper();

    /** An answer; the names of headers are in lower case. */
    record Answer(int status, Map<String, String> headers, String body) {
        JsonNode json() {
            try {
                return JSON.readTree(body);
            } catch (IOException e) {
                throw new IllegalStateException("Not JSON: " + body, e);
            }
        }

        String code() {
            return json().path("code").asText();
        }

        String type() {
            return headers.getOrDefault("content-type", "").replaceAll(";.*", "");
        }
    }

    Answer get(String path) throws IOException {
        return send("GET", path, List.of(), "");
    }

    Answer post(String path, String json, String... headers) throws IOException {
        List<String> all = new ArrayList<>(List.of(headers));
        if (!json.isEmpty()) {
            all.add("Content-Type: application/json");
        }
        return send("POST", path, all, json);
    }

    Answer send(String method, String path, List<String> headers, String body) throws IOException {
        List<String> all = new ArrayList<>(headers);
        if (headers.stream().noneMatch(header -> header.startsWith("Authorization"))) {
            all.add("Authorization: Bearer " + TestServer.TOKEN);
        }
        return bare(method, path, all, body);
    }

    Answer bare(String method, String path, List<String> headers, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        StringBuilder head =
                new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
        headers.forEach(header -> head.append(header).append("\r\n"));
        if (bytes.length > 0 || !method.equals("GET")) {
            head.append("Content-Length: ").append(bytes.length).append("\r\n");
        }
        byte[] all = (head + "\r\n").getBytes(StandardCharsets.UTF_8);
        byte[] request = new byte[all.length + bytes.length];
        System.arraycopy(all, 0, request, 0, all.length);
        System.arraycopy(bytes, 0, request, all.length, bytes.length);
        return raw(request);
    }

    /** Sends bytes as they are, and reads until the server closes. */
    Answer raw(byte[] request) throws IOException {
        try (Socket socket = socket()) {
            OutputStream out = socket.getOutputStream();
            out.write(request);
            out.flush();
            return parse(socket.getInputStream().readAllBytes());
        }
    }

    Socket socket() throws IOException {
        Socket socket = new Socket(java.net.InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        return socket;
    }

    /** A stream of events that is read line by line. */
    Events events(String path, String... headers) throws IOException {
        Socket socket = socket();
        StringBuilder head = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                + TestServer.TOKEN + "\r\nConnection: close\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        socket.getOutputStream().write((head + "\r\n").getBytes(StandardCharsets.UTF_8));
        return new Events(socket);
    }

    static Answer parse(byte[] bytes) throws IOException {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            throw new IOException("No answer: " + text);
        }
        String[] lines = text.substring(0, end).split("\r\n");
        Map<String, String> headers = new TreeMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            headers.put(
                    lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
                    lines[i].substring(colon + 1).strip());
        }
        byte[] rest = java.util.Arrays.copyOfRange(bytes, end + 4, bytes.length);
        byte[] body = "chunked".equals(headers.get("transfer-encoding")) ? unchunked(rest) : rest;
        return new Answer(Integer.parseInt(lines[0].split(" ")[1]), headers, new String(body, StandardCharsets.UTF_8));
    }

    private static byte[] unchunked(byte[] bytes) {
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        for (int at = 0; at < bytes.length; ) {
            int line = text.indexOf("\r\n", at);
            int size = Integer.parseInt(text.substring(at, line), 16);
            out.write(bytes, line + 2, size);
            at = line + 2 + size + 2;
            if (size == 0) {
                break;
            }
        }
        return out.toByteArray();
    }

    /** The lines of a stream of events, without the sizes of its chunks. */
    static final class Events implements AutoCloseable {
        private final Socket socket;
        private final InputStream in;

        Events(Socket socket) throws IOException {
            this.socket = socket;
            in = new java.io.BufferedInputStream(socket.getInputStream());
        }

        /** Reads up to a line that begins so; fails when the stream ends before. */
        String await(String begin) throws IOException {
            for (String line = line(); line != null; line = line()) {
                if (line.startsWith(begin)) {
                    return line;
                }
            }
            throw new IOException("The stream ended before " + begin);
        }

        String rest() throws IOException {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }

        private @org.jspecify.annotations.Nullable String line() throws IOException {
            java.io.ByteArrayOutputStream line = new java.io.ByteArrayOutputStream();
            for (int b = in.read(); b >= 0; b = in.read()) {
                if (b == '\n') {
                    return line.toString(StandardCharsets.UTF_8).stripTrailing();
                }
                line.write(b);
            }
            return null;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
