package dev.sage.acceptance.node;

import dev.sage.api.ProcessService;
import dev.sage.api.SubmitOptions;
import dev.sage.client.RemoteEnvironment;
import dev.sage.client.wire.CommandLine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * The jobs of a round of the kill test. Each adds its key to a file when it runs, after its port where it has one; who
 * submits them again gets the same ones.
 */
enum KeyedJobs {
    /** A program with a GPU and a port that soon ends. */
    SHORT_COMMAND,
    /** One that does not. */
    LONG_COMMAND,
    DETACHED_PIPELINE,
    /** A pipeline, and a program with a GPU and a port that does not end. */
    ATTACHED_PIPELINE;

    private static final String PROGRAM = """
            import socket, sys, time
            s = socket.socket()
            s.bind(('127.0.0.1', int(sys.argv[1])))
            s.listen()
            open(sys.argv[2], 'a').write(sys.argv[3] + ' ' + sys.argv[1] + '\\n')
            time.sleep(float(sys.argv[4]))
            """;

    static Path ran(Path folder) {
        return folder.resolve("ran");
    }

    String key(int round) {
        return "round-" + round + "/" + name();
    }

    /** Answers the job's id. */
    String submit(Path folder, int round, NodeRequests requests, RemoteEnvironment env) {
        String file = ran(folder).toString();
        String key = key(round);
        return switch (this) {
            case SHORT_COMMAND -> submitCommand(requests, key, file, "0.2");
            case LONG_COMMAND -> submitCommand(requests, key, file, "600");
            case DETACHED_PIPELINE -> {
                env.fromRange(0, 1).sink(n -> append(file, key + " 0\n"));
                yield env.submit(SubmitOptions.autostop().detached().idempotencyKey(key))
                        .id();
            }
            case ATTACHED_PIPELINE -> {
                env.command(
                        "holder",
                        ProcessService.command(line(file, key, "600")).gpus(1).ports(1));
                env.fromRange(0, 10).map(n -> n).collect();
                yield env.submit(SubmitOptions.autostop().idempotencyKey(key)).id();
            }
        };
    }

    private static String submitCommand(NodeRequests requests, String key, String file, String seconds) {
        return requests.submit(
                        "command",
                        SubmitOptions.autostop().detached(),
                        new CommandLine(List.of(line(file, key, seconds)), null, null, 1, 1),
                        key)
                .id();
    }

    private static String[] line(String file, String key, String seconds) {
        return new String[] {"python3", "-c", PROGRAM, "{port}", file, key, seconds};
    }

    private static void append(String file, String line) {
        try {
            Files.writeString(Path.of(file), line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** For each time that a job has run: its key and its port, which is 0 where it has none. */
    static List<Run> runs(Path folder) throws IOException {
        if (!Files.exists(ran(folder))) {
            return List.of();
        }
        try (Stream<String> lines = Files.lines(ran(folder))) {
            return lines.map(line -> line.split(" "))
                    .map(words -> new Run(words[0], Integer.parseInt(words[1])))
                    .toList();
        }
    }

    record Run(String key, int port) {}
}
