package dev.sage.node.journal;

import dev.sage.api.SageException;
import dev.sage.api.spi.OwnerOnly;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The tables of the journal. A start that finds them as they must be costs one look; the library that makes and changes
 * them is slow to load, and used only when there is something to do.
 */
public final class Schema {
    /** The number of the last migration. */
    static final int VERSION = 1;

    static final String RECORD = "flyway_schema_history";

    private final JournalSettings settings;

    private Schema(JournalSettings settings) {
        this.settings = settings;
    }

    /**
     * Makes the tables, or brings them up to date. Blocks on the database.
     *
     * @throws SageException {@code journal.unusable}, {@code journal.unreachable}, {@code journal.foreign} or {@code
     *     journal.newer}, with what to do about it
     */
    public static void prepare(JournalSettings settings) {
        new Schema(settings).prepare();
    }

    private void prepare() {
        if (settings.isSqlite()) {
            makeFile(settings.file());
        }
        OptionalInt version;
        try (Connection connection = DriverManager.getConnection(settings.jdbcUrl(), settings.jdbcProperties())) {
            version = recorded(connection);
            if (version.isEmpty() && hasTables(connection)) {
                throw foreign(null);
            }
        } catch (SQLException e) {
            throw failed(e);
        }
        if (version.orElse(0) > VERSION) {
            throw new SageException(
                    "journal.newer",
                    "The journal " + settings + " was changed by a newer version of Sage: its tables have version "
                            + version.getAsInt() + ", and this one knows " + VERSION
                            + ". Start the newer version, or restore a backup from before the upgrade.");
        } else if (version.orElse(0) < VERSION) {
            Migration.run(settings);
        }
    }

    /** Of its owner only, like all that Sage keeps. */
    private void makeFile(Path file) {
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null && !Files.exists(folder)) {
                Files.createDirectories(folder, OwnerOnly.FOLDER);
            }
            if (!Files.exists(file)) {
                Files.createFile(file, OwnerOnly.FILE);
            }
        } catch (IOException e) {
            throw unusable("cannot be made: " + e, e);
        }
        if (!Files.isRegularFile(file)) {
            throw unusable("is no file", null);
        }
        // The files beside it, of the write-ahead log, come and go.
        if (!Files.isWritable(file) || !Files.isWritable(file.toAbsolutePath().getParent())) {
            throw unusable("cannot be written to", null);
        }
    }

    private OptionalInt recorded(Connection connection) throws SQLException {
        if (count(connection, tables() + " AND " + nameColumn() + " = '" + RECORD + "'") == 0) {
            return OptionalInt.empty();
        }
        int version = count(
                connection, "SELECT COALESCE(MAX(CAST(version AS INTEGER)), 0) FROM " + RECORD + " WHERE success");
        return OptionalInt.of(version);
    }

    private boolean hasTables(Connection connection) throws SQLException {
        return count(connection, tables()) > 0;
    }

    private String tables() {
        return settings.isSqlite()
                ? "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table'"
                : "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = current_schema()";
    }

    private String nameColumn() {
        return settings.isSqlite() ? "name" : "table_name";
    }

    private static int count(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getInt(1);
        }
    }

    private SageException failed(SQLException e) {
        if (!settings.isSqlite()) {
            return new SageException(
                    "journal.unreachable",
                    "The journal " + settings + " cannot be reached: " + e.getMessage()
                            + " Check that PostgreSQL runs, and sage.node.journal.url, user and password.",
                    e);
        }
        boolean noDatabase = e.getMessage() != null && e.getMessage().contains("SQLITE_NOTADB");
        return noDatabase ? foreign(e) : unusable("cannot be used: " + e.getMessage(), e);
    }

    private SageException foreign(@Nullable Exception cause) {
        return new SageException(
                "journal.foreign",
                "What is in " + settings + " is no journal of Sage, and stays untouched. "
                        + (settings.isSqlite()
                                ? "Move it away, or set SAGE_HOME to another folder."
                                : "Name an empty database or schema in sage.node.journal.url."),
                cause);
    }

    private SageException unusable(String why, @Nullable Exception cause) {
        return new SageException(
                "journal.unusable",
                "The journal " + settings + " " + why
                        + ". Make it writable for this user, or set SAGE_HOME to another folder.",
                cause);
    }
}
