package dev.sage.node.journal;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.sage.node.core.RegistryEvent;
import dev.sage.node.core.RegistrySnapshot;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How Pekko is told to keep events and snapshots in the database. */
public final class JournalConfig {
    private static final String DATABASE = "pekko-persistence-jdbc.shared-databases.sage";
    private static final String SERIALIZER = "sage-node-registry";
    private static final List<Class<?>> WRITTEN = List.of(RegistryEvent.class, RegistrySnapshot.class);

    private JournalConfig() {}

    /** To be laid over the configuration of the actor system. */
    public static Config of(JournalSettings settings) {
        // SQLite knows one writer, and a second connection would only wait for the first.
        int connections = settings.isSqlite() ? 1 : settings.connections();
        Map<String, Object> values = new HashMap<>();
        values.put("pekko.persistence.journal.plugin", "jdbc-journal");
        values.put("pekko.persistence.snapshot-store.plugin", "jdbc-snapshot-store");
        values.put("pekko.persistence.journal.auto-start-journals", List.of("jdbc-journal"));
        values.put("pekko.persistence.snapshot-store.auto-start-snapshot-stores", List.of("jdbc-snapshot-store"));
        values.put("jdbc-journal.use-shared-db", "sage");
        values.put("jdbc-snapshot-store.use-shared-db", "sage");
        values.put(DATABASE + ".profile", settings.kind().profile());
        values.put(DATABASE + ".db.connectionPool", "HikariCP");
        values.put(DATABASE + ".db.driver", settings.kind().driver());
        values.put(DATABASE + ".db.url", settings.jdbcUrl());
        settings.jdbcProperties().forEach((key, value) -> values.put(DATABASE + ".db.properties." + key, value));
        values.put(DATABASE + ".db.numThreads", connections);
        values.put(DATABASE + ".db.maxConnections", connections);
        values.put(DATABASE + ".db.minConnections", 1);
        values.put(DATABASE + ".db.queueSize", 1_000);
        values.put(
                DATABASE + ".db.connectionTimeout",
                Math.max(1_000, settings.connectWithin().toMillis()));
        // The registry paces its tries by itself. What is closed for longer than those only keeps it away.
        values.put("jdbc-journal.circuit-breaker.reset-timeout", "1s");
        values.put("jdbc-snapshot-store.circuit-breaker.reset-timeout", "1s");
        values.put("pekko.actor.serializers." + SERIALIZER, RegistrySerializer.class.getName());
        for (Class<?> type : WRITTEN) {
            values.put("pekko.actor.serialization-bindings.\"" + type.getName() + "\"", SERIALIZER);
        }
        return ConfigFactory.parseMap(values, "the journal of the node");
    }
}
