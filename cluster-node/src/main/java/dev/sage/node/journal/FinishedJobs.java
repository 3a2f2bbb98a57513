package dev.sage.node.journal;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import dev.sage.api.JobState;
import dev.sage.api.SageException;
import dev.sage.client.wire.JobPage;
import dev.sage.client.wire.JobView;
import dev.sage.node.NodeException;
import dev.sage.node.core.Ended;
import dev.sage.node.core.RegistryCommand.Finished;
import dev.sage.node.job.FinishedJob;
import dev.sage.node.job.HistoryStore;
import dev.sage.node.job.JobPages;
import dev.sage.node.job.JobPages.Place;
import dev.sage.node.job.Jobs;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The table of jobs that have ended. */
public final class FinishedJobs implements HistoryStore {
    private static final String VIEW = "id, name, owner, state, autostop, detached, priority, attempt, clean, cause,"
            + " idempotency_key, submitted_at, started_at, ended_at";
    private static final String INSERT = "INSERT INTO finished_job (" + VIEW + ", content_hash, result, events)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING";

    private static final String NO_ID = "";
    /** A row of no job. */
    private static final List<@Nullable Object> NOTHING =
            Arrays.asList(NO_ID, "", "", "", false, false, 0, 0, false, null, null, 0L, null, 0L, "", "", "");

    private static final Pattern ID = Pattern.compile("[0-9A-Za-z-]+");

    private final HikariDataSource connections;

    private FinishedJobs(HikariDataSource connections) {
        this.connections = connections;
    }

    /** Connects; the tables must be there, see {@link Schema#prepare}. */
    public static FinishedJobs open(JournalSettings settings) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("sage-history");
        config.setDriverClassName(settings.kind().driver());
        config.setJdbcUrl(settings.jdbcUrl());
        config.setDataSourceProperties(settings.jdbcProperties());
        config.setMinimumIdle(1);
        config.setMaximumPoolSize(settings.connections());
        config.setConnectionTimeout(Math.max(1_000, settings.connectWithin().toMillis()));
        try {
            return new FinishedJobs(new HikariDataSource(config));
        } catch (HikariPool.PoolInitializationException e) {
            throw new SageException(
                    "journal.unreachable", "The journal " + settings + " cannot be reached: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        connections.close();
    }

    private interface Use<T> {
        T with(Connection connection) throws SQLException;
    }

    private interface Reading<T> {
        T from(ResultSet row) throws SQLException;
    }

    @Override
    public void add(List<Ended> jobs) {
        use(connection -> inTransaction(connection, () -> {
            try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
                for (Ended job : jobs) {
                    set(insert, values(job));
                    insert.addBatch();
                }
                insert.executeBatch();
            }
        }));
    }

    @Override
    public void delete(List<String> ids) {
        if (!ids.isEmpty()) {
            use(connection -> inTransaction(connection, () -> {
                try (PreparedStatement delete =
                        connection.prepareStatement("DELETE FROM finished_job WHERE id IN " + marks(ids.size()))) {
                    set(delete, ids);
                    delete.executeUpdate();
                }
            }));
        }
    }

    @Override
    public void ping() {
        query("SELECT 1 FROM finished_job WHERE id = ?", List.of(NO_ID), row -> row.getInt(1));
    }

    /** What is added and taken back in one transaction goes to the disk nevertheless. */
    @Override
    public void probe() {
        use(connection -> inTransaction(connection, () -> {
            try (PreparedStatement insert = connection.prepareStatement(INSERT);
                    PreparedStatement delete = connection.prepareStatement("DELETE FROM finished_job WHERE id = ?")) {
                set(insert, NOTHING);
                insert.executeUpdate();
                set(delete, List.of(NO_ID));
                delete.executeUpdate();
            }
        }));
    }

    @Override
    public List<Finished> known(Collection<String> ids, Collection<String> keys) {
        List<Finished> known = new ArrayList<>(known("id", ids));
        known.addAll(known("idempotency_key", keys));
        return known;
    }

    private List<Finished> known(String column, Collection<String> values) {
        return values.isEmpty()
                ? List.of()
                : query(
                        "SELECT " + VIEW + ", content_hash FROM finished_job WHERE " + column + " IN "
                                + marks(values.size()),
                        List.copyOf(values),
                        FinishedJobs::finished);
    }

    @Override
    public List<String> beyond(int keep, Instant endedBefore, int limit) {
        List<String> beyond = query(
                "SELECT id FROM finished_job WHERE ended_at < ? ORDER BY ended_at LIMIT ?",
                List.of(micros(endedBefore), limit),
                row -> row.getString(1));
        return beyond.isEmpty()
                ? query(
                        "SELECT id FROM finished_job ORDER BY ended_at DESC, id DESC LIMIT ? OFFSET ?",
                        List.of(limit, keep),
                        row -> row.getString(1))
                : beyond;
    }

    @Override
    public JobPage page(Jobs.Query query) {
        if (query.limit() < 1 || query.limit() > 1_000) {
            throw new IllegalArgumentException("A page has 1 to 1,000 jobs, not " + query.limit() + ".");
        }
        List<String> states = query.states().stream()
                .filter(JobState::isTerminal)
                .map(JobState::name)
                .toList();
        if (states.isEmpty() && !query.states().isEmpty()) {
            return JobPages.page(List.of(), false);
        }
        StringBuilder where = new StringBuilder(" WHERE 1 = 1");
        List<Object> values = new ArrayList<>();
        if (!states.isEmpty()) {
            where.append(" AND state IN ").append(marks(states.size()));
            values.addAll(states);
        }
        query.name().ifPresent(name -> {
            where.append(" AND name = ?");
            values.add(name);
        });
        query.owner().ifPresent(owner -> {
            where.append(" AND owner = ?");
            values.add(owner);
        });
        query.after().map(Place::parse).ifPresent(after -> {
            where.append(" AND (submitted_at, id) < (?, ?)");
            values.add(after.micros());
            values.add(after.id());
        });
        values.add(query.limit() + 1);
        List<JobView> found = query(
                "SELECT " + VIEW + " FROM finished_job" + where + " ORDER BY submitted_at DESC, id DESC LIMIT ?",
                values,
                FinishedJobs::view);
        boolean more = found.size() > query.limit();
        return JobPages.page(more ? found.subList(0, query.limit()) : found, more);
    }

    @Override
    public List<FinishedJob> find(String idOrPrefix) {
        if (!ID.matcher(idOrPrefix).matches()) {
            return List.of();
        }
        // By range, for the index; a tilde comes after all that ids are made of.
        List<FinishedJob> found = query(
                "SELECT " + VIEW + ", result, events FROM finished_job WHERE id >= ? AND id < ? ORDER BY id LIMIT 2",
                List.of(idOrPrefix, idOrPrefix + '~'),
                FinishedJobs::withTexts);
        return !found.isEmpty() && found.get(0).view().id().equals(idOrPrefix) ? found.subList(0, 1) : found;
    }

    @Override
    public Optional<FinishedJob> byKey(String key) {
        return query(
                        "SELECT " + VIEW + ", result, events FROM finished_job WHERE idempotency_key = ?",
                        List.of(key),
                        FinishedJobs::withTexts)
                .stream()
                .findFirst();
    }

    private <T> List<T> query(String sql, List<?> values, Reading<T> reading) {
        return use(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                set(statement, values);
                try (ResultSet rows = statement.executeQuery()) {
                    List<T> found = new ArrayList<>();
                    while (rows.next()) {
                        found.add(reading.from(rows));
                    }
                    return found;
                }
            }
        });
    }

    private <T> T use(Use<T> use) {
        try (Connection connection = connections.getConnection()) {
            return use.with(connection);
        } catch (SQLException e) {
            throw new NodeException(
                    NodeException.Kind.UNAVAILABLE,
                    "history.unavailable",
                    "The table of finished jobs cannot be used: " + e.getMessage(),
                    "Try again; if it stays so, look at the node's log.",
                    e);
        }
    }

    private interface Change {
        void make() throws SQLException;
    }

    private static Connection inTransaction(Connection connection, Change change) throws SQLException {
        connection.setAutoCommit(false);
        try {
            change.make();
            connection.commit();
        } catch (SQLException e) {
            // SQLite has gone back by itself where its disk is full, and then refuses to: that must not hide why.
            quietly(connection::rollback, e);
            quietly(() -> connection.setAutoCommit(true), e);
            throw e;
        }
        connection.setAutoCommit(true);
        return connection;
    }

    private static void quietly(Change change, SQLException because) {
        try {
            change.make();
        } catch (SQLException e) {
            because.addSuppressed(e);
        }
    }

    private static String marks(int count) {
        return "(" + String.join(", ", Collections.nCopies(count, "?")) + ")";
    }

    private static void set(PreparedStatement statement, List<?> values) throws SQLException {
        for (int i = 0; i < values.size(); i++) {
            // PostgreSQL has no texts with zeros, and one job with such a name must not keep all others out.
            statement.setObject(
                    i + 1, values.get(i) instanceof String text ? text.replace('\0', '\ufffd') : values.get(i));
        }
    }

    private static List<@Nullable Object> values(Ended job) {
        JobView view = job.view();
        List<@Nullable Object> values = new ArrayList<>();
        Collections.addAll(
                values, view.id(), view.name(), view.owner(), view.state().name());
        Collections.addAll(values, view.autostop(), view.detached(), view.priority(), view.attempt());
        Collections.addAll(values, job.outcome().clean(), view.cause(), view.key());
        Collections.addAll(
                values,
                micros(view.submittedAt()),
                view.startedAt() == null ? null : micros(view.startedAt()),
                micros(job.outcome().endedAt()));
        Collections.addAll(
                values,
                job.job().job().contentHash(),
                job.outcome().resultJson(),
                job.outcome().eventsJson());
        return values;
    }

    private static JobView view(ResultSet row) throws SQLException {
        long startedAt = row.getLong("started_at");
        boolean started = !row.wasNull();
        return new JobView(
                row.getString("id"),
                row.getString("name"),
                row.getString("owner"),
                JobState.valueOf(row.getString("state")),
                row.getBoolean("autostop"),
                row.getBoolean("detached"),
                row.getInt("priority"),
                row.getInt("attempt"),
                0,
                0,
                false,
                row.getBoolean("clean"),
                row.getString("cause"),
                row.getString("idempotency_key"),
                Place.ofMicros(row.getLong("submitted_at")),
                started ? Place.ofMicros(startedAt) : null,
                Place.ofMicros(row.getLong("ended_at")));
    }

    private static Finished finished(ResultSet row) throws SQLException {
        return new Finished(view(row), row.getString("content_hash"));
    }

    private static FinishedJob withTexts(ResultSet row) throws SQLException {
        return new FinishedJob(view(row), row.getString("result"), row.getString("events"));
    }

    private static long micros(Instant time) {
        return new Place(time, "").micros();
    }
}
