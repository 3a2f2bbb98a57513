package dev.sage.node.journal;

import com.typesafe.config.Config;
import dev.sage.runtime.config.Checked;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;

/**
 * The settings under {@code sage.node.journal}; {@code reference.conf} tells what each one means.
 *
 * @param file of SQLite
 * @param url of PostgreSQL, empty for SQLite
 */
public record JournalSettings(
        Kind kind,
        Path file,
        String url,
        String user,
        String password,
        int connections,
        Duration connectWithin,
        Duration answerWithin) {

    /** In seconds; PostgreSQL's driver knows it by this name. */
    static final String ANSWER_WITHIN = "socketTimeout";

    /** A database that is known to keep what it has acknowledged. */
    public enum Kind {
        SQLITE("sqlite", "org.sqlite.JDBC", "slick.jdbc.SQLiteProfile$"),
        POSTGRESQL("postgresql", "org.postgresql.Driver", "slick.jdbc.PostgresProfile$");

        private final String text;
        private final String driver;
        private final String profile;

        Kind(String text, String driver, String profile) {
            this.text = text;
            this.driver = driver;
            this.profile = profile;
        }

        String driver() {
            return driver;
        }

        String profile() {
            return profile;
        }

        /** The folder of its migrations. */
        String migrations() {
            return "db/migration/" + text;
        }
    }

    /**
     * Reads them; {@code config.invalid} when one is out of its bounds.
     *
     * @param home Sage's
     */
    public static JournalSettings read(Config config, Path home) {
        Checked journal = new Checked(config, "sage.node.journal");
        String kind = journal.text("kind");
        String url = journal.text("url");
        if (!kind.equals(Kind.SQLITE.text) && !kind.equals(Kind.POSTGRESQL.text)) {
            throw Checked.invalid(
                    "sage.node.journal.kind is \"" + kind + "\"; it must be \"sqlite\" or \"postgresql\".");
        }
        boolean sqlite = kind.equals(Kind.SQLITE.text);
        if (sqlite != url.isBlank() || (!sqlite && !url.startsWith("jdbc:postgresql:"))) {
            throw Checked.invalid("sage.node.journal.url is \"" + url
                    + "\"; it must be like \"jdbc:postgresql://localhost:5432/sage\" where sage.node.journal.kind is"
                    + " \"postgresql\", and blank otherwise.");
        }
        return new JournalSettings(
                sqlite ? Kind.SQLITE : Kind.POSTGRESQL,
                home.resolve("node").resolve("journal.db"),
                url,
                journal.text("user"),
                journal.text("password"),
                journal.integer("connections", 1, 100),
                journal.duration("connect-within"),
                journal.duration("answer-within"));
    }

    boolean isSqlite() {
        return kind == Kind.SQLITE;
    }

    /** For people; without the password. */
    @Override
    public String toString() {
        return isSqlite() ? "'" + file + "'" : url + " as user '" + user + "'";
    }

    /** With what makes SQLite keep its word: what is committed is on the disk, and who writes waits for its turn. */
    String jdbcUrl() {
        return isSqlite()
                ? "jdbc:sqlite:" + file + "?journal_mode=WAL&synchronous=FULL&transaction_mode=IMMEDIATE&busy_timeout="
                        + connectWithin.toMillis()
                : url;
    }

    Properties jdbcProperties() {
        Properties properties = new Properties();
        if (!isSqlite()) {
            properties.setProperty("user", user);
            properties.setProperty("password", password);
            properties.setProperty("ApplicationName", "sage");
            properties.setProperty("connectTimeout", Long.toString(Math.max(1, connectWithin.toSeconds())));
            // Else a machine that is gone without a word is waited for until TCP gives up, a quarter of an hour.
            properties.setProperty(ANSWER_WITHIN, Long.toString(Math.max(1, answerWithin.toSeconds())));
        }
        return properties;
    }
}
