package dev.sage.node.job;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** PostgreSQL keeps its connections and says nothing for a while, as a machine does that is gone without a word. */
class PostgresSilenceTest extends OutageContract {
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
        return postgres.newSchema("silence");
    }

    @Override
    void takeAway() throws Exception {
        postgres.hold();
    }

    @Override
    void giveBack() throws Exception {
        postgres.letGo();
    }
}
