package dev.sage.node.journal;

import dev.sage.api.SageException;
import java.util.HashMap;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** Runs the scripts under {@code db/migration} that have not run yet. Apart, so that nobody else loads the library. */
final class Migration {
    private Migration() {}

    static void run(JournalSettings settings) {
        Map<String, String> properties = new HashMap<>();
        settings.jdbcProperties().forEach((key, value) -> properties.put("" + key, "" + value));
        // A change of a large table takes its time.
        properties.remove(JournalSettings.ANSWER_WITHIN);
        try {
            Flyway.configure(Migration.class.getClassLoader())
                    .dataSource(settings.jdbcUrl(), settings.user(), settings.password())
                    .jdbcProperties(properties)
                    .locations("classpath:" + settings.kind().migrations())
                    .table(Schema.RECORD)
                    .load()
                    .migrate();
        } catch (FlywayException e) {
            throw new SageException(
                    "journal.unusable",
                    "The tables of the journal " + settings + " cannot be made or changed: " + e.getMessage()
                            + " Check that this user may create tables there.",
                    e);
        }
    }
}
