package dev.sage.acceptance.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A real PostgreSQL, set up as in earnest: what is committed is on the disk. */
final class Postgres implements AutoCloseable {
    private final Path data;
    private EmbeddedPostgres server;
    private int schemas;

    private Postgres(Path data) throws IOException {
        this.data = data;
        this.server = builder().start();
    }

    /** @param data a folder for all that it keeps */
    static Postgres start(Path data) throws IOException {
        return new Postgres(data);
    }

    private EmbeddedPostgres.Builder builder() {
        return EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setPGStartupWait(Duration.ofSeconds(60));
    }

    /** All of its processes end at once. */
    void crash() throws Exception {
        String pid = Files.readAllLines(data.resolve("postmaster.pid")).get(0);
        ProcessHandle postmaster = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
        assertThat(new ProcessBuilder("kill", "-QUIT", pid).start().waitFor()).isZero();
        postmaster.onExit().get(20, TimeUnit.SECONDS);
    }

    /** At the same port, with what it had committed. */
    void startAgain() throws IOException {
        int port = server.getPort();
        server.close();
        server = builder().setPort(port).start();
    }

    /** The settings of a node with a journal of its own. */
    List<String> newJournal() throws SQLException {
        String schema = "node_" + schemas++;
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE SCHEMA " + schema);
        }
        return List.of(
                "sage.node.journal.kind=postgresql",
                "sage.node.journal.url=jdbc:postgresql://localhost:" + server.getPort() + "/postgres?currentSchema="
                        + schema,
                "sage.node.journal.user=postgres");
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
