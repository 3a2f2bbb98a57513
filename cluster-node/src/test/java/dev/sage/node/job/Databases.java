package dev.sage.node.job;

import dev.sage.node.journal.JournalSettings;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;

/** The two kinds of database that a journal can be in. */
final class Databases {
    private Databases() {}

    static JournalSettings sqlite(Path home) {
        return JournalSettings.read(TestRegistry.config(Map.of()), home);
    }

    /**
     * Another home with the files of this SQLite as they are. The death of a process gives back its locks on them; the node
     * that was ended here may have left a transaction open in this JVM, whose lock nobody gives back.
     */
    static Path afterCrash(JournalSettings journal) throws IOException {
        Path folder = journal.file().getParent();
        Path home = Files.createTempDirectory(folder.getParent(), "after-crash");
        Path next = Files.createDirectories(sqlite(home).file().getParent());
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                // What living processes share is made from the log when it is not there.
                if (!file.toString().endsWith("-shm")) {
                    Files.copy(file, next.resolve(file.getFileName()));
                }
            }
        }
        return home;
    }

    /** As it is set up in earnest: what is committed is on the disk. */
    static EmbeddedPostgres startPostgres() throws IOException {
        return postgres().start();
    }

    static EmbeddedPostgres.Builder postgres() {
        return EmbeddedPostgres.builder()
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setPGStartupWait(Duration.ofSeconds(60));
    }

    /** A new schema of a running PostgreSQL. */
    static JournalSettings postgres(EmbeddedPostgres postgres, Path home, String schema) throws SQLException {
        return JournalSettings.read(TestRegistry.config(postgres(postgres, schema)), home);
    }

    /** The settings that name a new schema of a running PostgreSQL. */
    static Map<String, String> postgres(EmbeddedPostgres postgres, String schema) throws SQLException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE SCHEMA " + schema);
        }
        return Map.of(
                "sage.node.journal.kind",
                "postgresql",
                "sage.node.journal.url",
                "jdbc:postgresql://localhost:" + postgres.getPort() + "/postgres?currentSchema=" + schema,
                "sage.node.journal.user",
                "postgres");
    }
}
