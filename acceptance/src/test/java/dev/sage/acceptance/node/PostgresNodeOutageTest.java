package dev.sage.acceptance.node;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** PostgreSQL crashes, and is started again with what it had committed. */
@Tag("any-java")
class PostgresNodeOutageTest extends NodeOutageContract {
    @TempDir
    private static Path data;

    private static Postgres postgres;

    @BeforeAll
    static void startPostgres() throws Exception {
        postgres = Postgres.start(data);
    }

    @AfterAll
    static void stopPostgres() throws Exception {
        postgres.close();
    }

    @Override
    List<String> journal() throws Exception {
        return postgres.newJournal();
    }

    @Override
    void takeAway(NodeProcess node) throws Exception {
        postgres.crash();
    }

    @Override
    void giveBack(NodeProcess node) throws Exception {
        postgres.startAgain();
    }
}
