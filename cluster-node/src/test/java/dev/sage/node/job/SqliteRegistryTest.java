package dev.sage.node.job;

import dev.sage.node.journal.JournalSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

class SqliteRegistryTest extends RegistryContract {
    @Override
    JournalSettings database(Path home) {
        return Databases.sqlite(home);
    }

    /**
     * The files as they are. The death of a process gives back its locks on them; the node that was ended here may have
     * left a transaction open in this JVM, whose lock nobody gives back.
     */
    @Override
    JournalSettings afterCrash(JournalSettings journal) throws Exception {
        Path folder = journal.file().getParent();
        JournalSettings next =
                Databases.sqlite(Files.createTempDirectory(folder.getParent().getParent(), "after-crash"));
        Files.createDirectories(next.file().getParent());
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                String name = file.getFileName().toString();
                // What SQLite shares between living processes; it is made from the log when it is not there.
                if (!name.endsWith("-shm")) {
                    Files.copy(file, next.file().resolveSibling(name));
                }
            }
        }
        return next;
    }
}
