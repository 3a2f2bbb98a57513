package dev.sage.cli.manager;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;

/** What the commands of the job manager expect of a node's process, and no more. Its name says how it is to behave. */
public final class StandInNode {
    private StandInNode() {}

    public static void main(String[] args) throws IOException {
        List<String> given = List.of(args);
        Path home = Path.of(System.getenv("SAGE_HOME"));
        if (given.contains("9")) {
            System.err.println("sage: port 9 of 127.0.0.1 is taken by another program. Give another one with --port.");
            System.exit(1);
        }
        if (System.getProperty("sage.jobs.max-runing") != null) {
            System.err.println(
                    "sage: there is no setting 'sage.jobs.max-runing'. Did you mean 'sage.jobs.max-running'?");
            System.exit(2);
        }
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        String running = "{\"id\":\"0a\",\"name\":\"words\",\"state\":\"RUNNING\"}";
        String queued = "{\"id\":\"0b\",\"name\":\"words\",\"state\":\"QUEUED\"}";
        String first = "{\"jobs\":[" + running + "],\"next\":\"0a\"}";
        String second = "{\"jobs\":[" + queued + "," + queued + "]}";
        answer(server, "/v1/jobs", 200, query -> query.endsWith("&after=0a") ? second : first, false);
        String released = "{\"type\":\"cleaned-up\",\"at\":\"PT1S\",\"line\":{\"kind\":\"process\",\"name\":\"words\","
                + "\"step\":\"stop-processes\",\"outcome\":\"RELEASED\",\"reason\":\"\",\"duration\":\"PT0.1S\"}}";
        String ended =
                "{\"type\":\"ended\",\"at\":\"PT1S\",\"result\":{\"state\":\"CANCELLED\",\"reason\":\"its node was"
                        + " stopped\"}}";
        String events =
                "id: 1\nevent: cleaned-up\ndata: " + released + "\n\nid: 2\nevent: ended\ndata: " + ended + "\n\n";
        answer(server, "/v1/jobs/0a/events", 200, events, false);
        boolean stops = System.getProperty("test.deaf") == null;
        answer(server, "/v1/node/stop", stops ? 202 : 503, "{}", stops);
        server.start();
        long pid = ProcessHandle.current().pid();
        int port = server.getAddress().getPort();
        Files.writeString(
                home.resolve("node/node.json"),
                "{\"pid\":" + pid + ",\"startTicks\":"
                        + NodeRecord.startTicks(pid).orElseThrow()
                        + ",\"host\":\"127.0.0.1\",\"port\":" + port
                        + ",\"instance\":\"i\",\"startedAt\":\"2026-01-01T00:00:00Z\"}");
        Files.writeString(home.resolve("arguments"), String.join(" ", args));
        System.out.println("Sage node ready at http://127.0.0.1:" + port + " (pid " + pid + ")");
    }

    private static void answer(HttpServer server, String path, int status, String body, boolean last) {
        answer(server, path, status, query -> body, last);
    }

    private static void answer(HttpServer server, String path, int status, UnaryOperator<String> bodyOf, boolean last) {
        server.createContext(path, exchange -> {
            exchange.getRequestBody().readAllBytes();
            String body = bodyOf.apply(String.valueOf(exchange.getRequestURI().getQuery()));
            boolean stream = path.endsWith("/events");
            exchange.getResponseHeaders().set("Content-Type", stream ? "text/event-stream" : "application/json");
            // A stream has no length, as that of a node.
            exchange.sendResponseHeaders(status, stream ? 0 : body.length());
            exchange.getResponseBody().write(body.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            exchange.close();
            if (last) {
                System.exit(0);
            }
        });
    }
}
