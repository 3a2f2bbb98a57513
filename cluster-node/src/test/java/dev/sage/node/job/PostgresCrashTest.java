package dev.sage.node.job;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** PostgreSQL crashes and is started again. */
class PostgresCrashTest extends OutageContract {
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

    @Override
    Map<String, String> journal() throws Exception {
        return postgres.newSchema("crash");
    }

    @Override
    void takeAway() throws Exception {
        postgres.crash();
    }

    @Override
    void giveBack() throws Exception {
        postgres.startAgain();
    }
}
