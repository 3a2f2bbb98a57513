package dev.sage.node.job;

import dev.sage.node.journal.JournalSettings;
import java.nio.file.Path;

class SqliteRegistryTest extends RegistryContract {
    @Override
    JournalSettings database(Path home) {
        return Databases.sqlite(home);
    }

    @Override
    JournalSettings afterCrash(JournalSettings journal) throws Exception {
        return Databases.sqlite(Databases.afterCrash(journal));
    }
}
