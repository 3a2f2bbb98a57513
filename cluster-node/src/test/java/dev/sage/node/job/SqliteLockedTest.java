package dev.sage.node.job;

import static dev.sage.node.job.TestRegistry.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sage.node.NodeException;
import dev.sage.node.core.RegisteredJob;
import dev.sage.node.core.SomeJobs;
import dev.sage.node.journal.JournalSettings;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Another program keeps the journal for itself for a while: it can be read, and takes no writes. */
class SqliteLockedTest extends OutageContract {
    private Connection other;

    @Override
    Map<String, String> journal() {
        return Map.of();
    }

    @Override
    void takeAway() throws Exception {
        other = DriverManager.getConnection("jdbc:sqlite:" + database().file());
        try (Statement statement = other.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
        }
    }

    @Override
    void giveBack() throws Exception {
        other.close();
    }

    @Override
    JournalSettings afterCrash() throws Exception {
        return Databases.sqlite(Databases.afterCrash(database()));
    }

    /** Not even in memory. */
    @Test
    void whatCouldNotBeWrittenIsNotThereWhenTheDatabaseIsBack() throws Exception {
        takeAway();
        assertThatThrownBy(() -> get(node().registry.accept(SomeJobs.job("0a", "key"))))
                .isInstanceOfSatisfying(
                        NodeException.class, e -> assertThat(e.code()).isEqualTo("registry.unavailable"));
        giveBack();
        await().atMost(BOUND).until(() -> get(node().registry.outage()).isEmpty());

        assertThat(get(node().registry.accept(SomeJobs.job("0b", "key"))).repeated())
                .isFalse();
        assertThat(node().run).extracting(RegisteredJob::id).containsExactly("0b");
    }
}
