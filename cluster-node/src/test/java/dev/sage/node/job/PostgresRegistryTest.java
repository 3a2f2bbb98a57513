package dev.sage.node.job;

import dev.sage.node.journal.JournalSettings;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** On a real PostgreSQL, which is started for this class; each test has a schema of its own. */
class PostgresRegistryTest extends RegistryContract {
    private static EmbeddedPostgres postgres;
    private static int schemas;

    @BeforeAll
    static void startPostgres() throws IOException {
        postgres = Databases.startPostgres();
    }

    @AfterAll
    static void stopPostgres() throws IOException {
        postgres.close();
    }

    @Override
    JournalSettings database(Path home) throws Exception {
        return Databases.postgres(postgres, home, "test_" + schemas++);
    }

    @Override
    JournalSettings afterCrash(JournalSettings journal) {
        return journal;
    }
}
