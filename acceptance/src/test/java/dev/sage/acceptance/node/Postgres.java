package dev.sage.acceptance.node;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;

/** A real PostgreSQL, set up as in earnest: what is committed is on the disk. */
final class Postgres implements AutoCloseable {
    private final EmbeddedPostgres server;
    private int schemas;

    private Postgres(EmbeddedPostgres server) {
        this.server = server;
    }

    static Postgres start() throws IOException {
        return new Postgres(EmbeddedPostgres.builder()
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setPGStartupWait(Duration.ofSeconds(60))
                .start());
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
