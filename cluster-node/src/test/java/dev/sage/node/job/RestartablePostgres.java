package dev.sage.node.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A PostgreSQL that is ended or held, and goes on with its data at its port. */
final class RestartablePostgres implements AutoCloseable {
    private final Path data;
    private EmbeddedPostgres server;

    RestartablePostgres(Path data) throws IOException {
        this.data = data;
        server = start(OptionalInt.empty());
    }

    private EmbeddedPostgres start(OptionalInt port) throws IOException {
        EmbeddedPostgres.Builder builder =
                Databases.postgres().setDataDirectory(data).setCleanDataDirectory(false);
        port.ifPresent(builder::setPort);
        return builder.start();
    }

    Map<String, String> newSchema(String name) throws Exception {
        return Databases.postgres(server, name);
    }

    /** At once, as a crash of all of its processes does. */
    void crash() throws Exception {
        ProcessHandle postmaster = postmaster();
        signal("QUIT", Stream.of(postmaster));
        postmaster.onExit().get(20, TimeUnit.SECONDS);
    }

    void startAgain() throws IOException {
        EmbeddedPostgres before = server;
        int port = before.getPort();
        before.close();
        server = start(OptionalInt.of(port));
    }

    /** It takes connections and says nothing. */
    void hold() throws Exception {
        signal("STOP", all());
    }

    void letGo() throws IOException, InterruptedException {
        signal("CONT", all());
    }

    private ProcessHandle postmaster() throws IOException {
        String pid = Files.readAllLines(data.resolve("postmaster.pid")).get(0);
        return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    }

    private Stream<ProcessHandle> all() throws IOException {
        ProcessHandle postmaster = postmaster();
        return Stream.concat(Stream.of(postmaster), postmaster.descendants());
    }

    private static void signal(String name, Stream<ProcessHandle> processes) throws IOException, InterruptedException {
        for (ProcessHandle process : processes.toList()) {
            Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
            assertThat(kill.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Override
    public void close() throws IOException {
        try {
            letGo();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        server.close();
    }
}
