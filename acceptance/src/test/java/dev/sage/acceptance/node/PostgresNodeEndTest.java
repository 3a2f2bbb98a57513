package dev.sage.acceptance.node;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** With a journal in a real PostgreSQL, which is started for this class. */
@Tag("any-java")
class PostgresNodeEndTest extends NodeEndContract {
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
}
