package dev.sage.node.job;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Map;

/** Another program keeps the journal for itself for a while: it can be read, and takes no writes. */
class SqliteLockedTest extends OutageContract {
    private Connection other;

    @Override
    Map<String, String> journal() {
        return Map.of();
    }

    @Override
    void takeAway() throws Exception {
        other = DriverManager.getConnection("jdbc:sqlite:" + home().resolve("node/journal.db"));
        try (Statement statement = other.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
        }
    }

    @Override
    void giveBack() throws Exception {
        other.close();
    }
}
