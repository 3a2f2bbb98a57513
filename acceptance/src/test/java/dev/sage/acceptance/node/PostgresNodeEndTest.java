package dev.sage.acceptance.node;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** With a journal in a real PostgreSQL, which is started for this class. */
class PostgresNodeEndTest extends NodeEndContract {
    private static Postgres postgres;

    @BeforeAll
    static void startPostgres() throws Exception {
        postgres = Postgres.start();
    }

    @AfterAll
    static void stopPostgres() throws Exception {
        postgres.close();
    }

    @Override
    List<String> journal() throws Exception {
        return postgres.newJournal();
    }
}
