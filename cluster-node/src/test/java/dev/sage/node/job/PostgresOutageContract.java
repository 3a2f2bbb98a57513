package dev.sage.node.job;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** On a PostgreSQL that is started for each class of tests. */
abstract class PostgresOutageContract extends OutageContract {
    @TempDir
    private static Path data;

    private static RestartablePostgres postgres;

    @BeforeAll
    static void startPostgres() throws Exception {
        postgres = new RestartablePostgres(data.resolve("data"));
    }

    @AfterAll
    static void stopPostgres() throws Exception {
        postgres.close();
    }

    static RestartablePostgres postgres() {
        return postgres;
    }

    @Override
    final Map<String, String> journal() throws Exception {
        return postgres.newSchema("outage");
    }
}
