package dev.sage.node.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.sage.api.SageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SchemaTest {
    @TempDir
    private Path home;

    private JournalSettings sqlite() {
        return JournalSettings.read(ConfigFactory.load(), home);
    }

    private static JournalSettings read(Map<String, ?> values) {
        Config config = ConfigFactory.parseMap(values).withFallback(ConfigFactory.load());
        return JournalSettings.read(config, Path.of("home"));
    }

    private static void refuses(String code, String message, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        SageException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(message);
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + sqlite().file());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void aNewFileIsForItsOwnerOnlyAndPreparedOnce() throws IOException, SQLException {
        Schema.prepare(sqlite());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(sqlite().file())))
                .isEqualTo("rw-------");
        // With its record as it is, nothing is looked for but that.
        execute("DROP TABLE event_tag");

        Schema.prepare(sqlite());

        assertThatThrownBy(() -> execute("SELECT * FROM event_tag")).isInstanceOf(SQLException.class);
    }

    @ParameterizedTest
    @EnumSource(JournalSettings.Kind.class)
    void theVersionIsThatOfTheLastMigration(JournalSettings.Kind kind) throws Exception {
        Path folder = Path.of(
                getClass().getClassLoader().getResource(kind.migrations()).toURI());
        try (var scripts = Files.list(folder)) {
            assertThat(scripts.map(script -> script.getFileName().toString().split("__")[0]))
                    .hasSize(Schema.VERSION)
                    .contains("V" + Schema.VERSION);
        }
    }

    @Test
    void aNewerSchemaIsRefused() throws SQLException {
        Schema.prepare(sqlite());
        execute("INSERT INTO flyway_schema_history SELECT installed_rank + 1, '2', description, type, script, checksum,"
                + " installed_by, installed_on, execution_time, success FROM flyway_schema_history");

        refuses("journal.newer", "have version 2", () -> Schema.prepare(sqlite()));
    }

    @Test
    void aFileThatIsNoDatabaseStaysUntouched() throws IOException {
        Files.createDirectories(sqlite().file().getParent());
        String text = "somebody's notes ".repeat(100);
        Files.writeString(sqlite().file(), text);

        refuses("journal.foreign", "is no journal of Sage", () -> Schema.prepare(sqlite()));
        assertThat(sqlite().file()).hasContent(text);
    }

    @Test
    void aDatabaseOfSomebodyElseStaysUntouched() throws IOException, SQLException {
        Files.createDirectories(sqlite().file().getParent());
        execute("CREATE TABLE theirs (a INTEGER)");

        refuses("journal.foreign", "is no journal of Sage", () -> Schema.prepare(sqlite()));
        execute("SELECT * FROM theirs");
    }

    @Test
    void aFileThatCannotBeMadeIsToldWithItsPath() throws IOException {
        Files.writeString(home.resolve("node"), "");

        refuses("journal.unusable", sqlite().file().toString(), () -> Schema.prepare(sqlite()));
    }

    @Test
    void aFolderInPlaceOfTheFileIsTold() throws IOException {
        Files.createDirectories(sqlite().file());

        refuses("journal.unusable", "is no file", () -> Schema.prepare(sqlite()));
    }

    @Test
    void aFolderThatCannotBeWrittenToIsTold() throws IOException {
        assumeFalse(System.getProperty("user.name").equals("root"), "root may write everywhere");
        Files.createDirectories(sqlite().file().getParent());
        Files.setPosixFilePermissions(sqlite().file().getParent(), PosixFilePermissions.fromString("r-x------"));

        refuses("journal.unusable", "cannot be made", () -> Schema.prepare(sqlite()));
    }

    @Test
    void aPostgresqlThatIsNotThereIsToldWithoutThePassword() {
        JournalSettings settings = read(Map.of(
                "sage.node.journal.kind", "postgresql",
                "sage.node.journal.url", "jdbc:postgresql://localhost:1/sage",
                "sage.node.journal.user", "ada",
                "sage.node.journal.password", "s3cret"));

        refuses(
                "journal.unreachable",
                "localhost:1/sage as user 'ada' cannot be reached",
                () -> Schema.prepare(settings));
        assertThatThrownBy(() -> Schema.prepare(settings)).hasMessageNotContaining("s3cret");
    }

    @Test
    void settingsThatDoNotFitAreRefused() {
        refuses("config.invalid", "\"h2\"", () -> read(Map.of("sage.node.journal.kind", "h2")));
        refuses("config.invalid", "url is \"\"", () -> read(Map.of("sage.node.journal.kind", "postgresql")));
        refuses("config.invalid", "url is \"jdbc:x\"", () -> read(Map.of("sage.node.journal.url", "jdbc:x")));
        refuses("config.invalid", "from 1 to 100", () -> read(Map.of("sage.node.journal.connections", 101)));
    }
}
