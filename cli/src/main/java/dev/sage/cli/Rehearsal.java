package dev.sage.cli;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Runs commands that ask a node against a made-up one, once, so that an archive can be made of the classes that they load: see
 * {@code bin/sage}. Nothing else of this machine is touched.
 */
final class Rehearsal {
    private static final String JOB = """
            {"id":"0a1b2c3d","name":"rehearsal","owner":"me","state":"COMPLETED","autostop":true,"taskCount":0,\
            "serviceCount":0,"running":false,"clean":true,"submittedAt":"2026-01-01T00:00:00Z"}""";

    private static final String STREAM = "text/event-stream";
    private static final String ENDED = """
            id: 1
            event: ended
            data: {"type":"ended","at":"PT1S","result":{"state":"COMPLETED"}}

            event: end
            data: {}

            """;

    private Rehearsal() {}

    public static void main(String[] args) throws IOException {
        // What only a real start loads.
        Context.ofThisProcess(Exit.ofThisJvm());
        System.out.println("Rehearsing for " + Main.class.getName());
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        answer(server, "/v1/jobs", "application/json", "{\"jobs\":[" + JOB + "]}");
        answer(server, "/v1/jobs/0a", "application/json", "{\"job\":" + JOB + ",\"outputs\":[\"print\"]}");
        answer(server, "/v1/jobs/0a/logs", "text/plain", "a line\n");
        answer(server, "/v1/jobs/0a/cancel", "application/json", JOB);
        answer(server, "/v1/jobs/0a/events", STREAM, ENDED);
        // Who attaches goes on with the whole id.
        answer(server, "/v1/jobs/0a1b2c3d/events", STREAM, ENDED);
        answer(server, "/v1/jobs/0a1b2c3d/logs", STREAM, """
                id: 1
                event: line
                data: {"name":"print","line":"a line"}

                event: end
                data: {}

                """);
        server.start();
        String node = "127.0.0.1:" + server.getAddress().getPort();
        Path home = Files.createTempDirectory("sage-rehearsal");
        Path token = Files.writeString(home.resolve("token"), "rehearsed");
        for (List<String> command : List.of(
                List.of("job", "list"),
                List.of("job", "list", "--json"),
                List.of("job", "show", "0a"),
                List.of("job", "logs", "0a"),
                List.of("job", "events", "0a"),
                List.of("job", "cancel", "0a", "--reason", "rehearsed"),
                List.of("job", "wait", "0a"),
                List.of("attach", "0a"),
                List.of("jobmanager", "status"),
                List.of("--help"))) {
            run(command, node, home);
        }
        server.stop(0);
        Files.delete(token);
        Files.delete(home);
    }

    /** In chunks where it is a stream, as a node does: clients do not wait for the end of its connection. */
    private static void answer(HttpServer server, String path, String type, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        long length = type.equals(STREAM) ? 0 : bytes.length;
        server.createContext(path, exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().add("Content-Type", type);
            exchange.sendResponseHeaders(200, length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(bytes);
            }
        });
    }

    private static void run(List<String> command, String node, Path home) {
        Exit exit = new Exit(code -> {}, code -> {});
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        Context context = new Context(
                Map.of("SAGE_NODE", node, "SAGE_HOME", home.toString()),
                Optional.of(80),
                Optional.empty(),
                nowhere,
                nowhere,
                exit,
                Clock.systemUTC(),
                (name, action) -> {});
        SageCommand.commandLine(new FailureLine(exit, nowhere), context, command)
                .execute(command.toArray(String[]::new));
    }
}
