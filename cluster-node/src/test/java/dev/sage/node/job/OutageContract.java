package dev.sage.node.job;

import static dev.sage.node.job.TestRegistry.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.Config;
import dev.sage.api.JobState;
import dev.sage.node.NodeException;
import dev.sage.node.core.RegisteredJob;
import dev.sage.node.core.SomeJobs;
import dev.sage.node.journal.JournalSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.pekko.Done;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The database goes away under a registry that works, and comes back as it was. */
abstract class OutageContract {
    static final Duration BOUND = Duration.ofSeconds(60);
    private static final int AT_ONCE = 4;
    private static final int SOME = 50;
    private static final Executor LATER = CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS);

    @TempDir
    private Path home;

    private final Map<String, String> idByKey = new ConcurrentHashMap<>();
    private final Set<String> ended = ConcurrentHashMap.newKeySet();
    private final Set<String> refusals = ConcurrentHashMap.newKeySet();
    private final AtomicInteger numbers = new AtomicInteger();
    private volatile boolean enough;

    private TestRegistry node;
    private Config config;

    final TestRegistry node() {
        return node;
    }

    final JournalSettings database() {
        return JournalSettings.read(config, home);
    }

    /** The settings that say where the journal is. */
    abstract Map<String, String> journal() throws Exception;

    abstract void takeAway() throws Exception;

    abstract void giveBack() throws Exception;

    /** What the next start finds when the node that used the journal was ended in the middle of its work. */
    JournalSettings afterCrash() throws Exception {
        return database();
    }

    @BeforeEach
    void start() throws Exception {
        Map<String, Object> settings = new HashMap<>(journal());
        settings.put("sage.node.journal.connect-within", "1s");
        settings.put("sage.node.journal.answer-within", "2s");
        settings.put("sage.node.registry.retry-after-at-most", "500ms");
        settings.put("sage.node.registry.snapshot-every", 50);
        config = TestRegistry.config(settings);
        start(database());
    }

    private void start(JournalSettings journal) {
        node = new TestRegistry(journal, config);
        get(node.ready);
    }

    @AfterEach
    void close() {
        enough = true;
        node.close();
    }

    @Test
    void whatIsAcknowledgedOutlastsAnOutageAndTheRestIsRefusedUntilItIsOver() throws Exception {
        List<CompletableFuture<Done>> clients = IntStream.range(0, AT_ONCE)
                .mapToObj(i -> submitAndEnd(numbers.getAndIncrement()))
                .toList();
        await().atMost(BOUND).until(() -> ended.size() > SOME);

        takeAway();
        await("a call is refused without being tried").atMost(BOUND).until(() -> refusals.contains("registry.away"));
        assertThat(get(node.registry.outage())).get().asString().contains("cannot be used since");
        giveBack();
        int before = ended.size();
        await("it goes on").atMost(BOUND).until(() -> ended.size() > before + SOME);
        assertThat(get(node.registry.outage())).isEmpty();

        enough = true;
        clients.forEach(TestRegistry::get);
        assertThat(refusals).isSubsetOf("registry.away", "registry.unavailable");
        assertAllIsThere();
        node.close();
        start(afterCrash());
        assertAllIsThere();
    }

    /** One after the other, each until it is acknowledged; every third is never ended. */
    private CompletableFuture<Done> submitAndEnd(int number) {
        if (enough) {
            return CompletableFuture.completedFuture(Done.getInstance());
        }
        String key = "key-" + number;
        return submit(key, 0)
                .thenCompose(id -> number % 3 == 0 ? CompletableFuture.completedFuture(Done.getInstance()) : end(id))
                // Not in the stack of those before.
                .thenComposeAsync(done -> submitAndEnd(numbers.getAndIncrement()));
    }

    private CompletableFuture<String> submit(String key, int attempt) {
        return node.registry
                .accept(SomeJobs.job(key + "-" + attempt, key))
                .thenApply(taken -> {
                    String id =
                            taken instanceof Acceptance.Live live ? live.job().id() : "ended";
                    idByKey.put(key, id);
                    return id;
                })
                .exceptionallyCompose(failure -> {
                    note(failure);
                    return later().thenCompose(done -> submit(key, attempt + 1));
                })
                .toCompletableFuture();
    }

    private CompletableFuture<Done> end(String id) {
        return node.registry
                .ended(id, 1, SomeJobs.outcome(JobState.COMPLETED))
                .thenApply(done -> {
                    ended.add(id);
                    return done;
                })
                .exceptionallyCompose(failure -> {
                    note(failure);
                    return later().thenCompose(done -> end(id));
                })
                .toCompletableFuture();
    }

    private static CompletableFuture<Void> later() {
        return CompletableFuture.runAsync(() -> {}, LATER);
    }

    private void note(Throwable failure) {
        Throwable cause = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
        refusals.add(cause instanceof NodeException refused ? refused.code() : cause.toString());
    }

    private void assertAllIsThere() {
        Set<String> live =
                get(node.registry.live()).stream().map(RegisteredJob::id).collect(Collectors.toSet());
        Set<String> open = Set.copyOf(idByKey.values()).stream()
                .filter(id -> !ended.contains(id))
                .collect(Collectors.toSet());
        assertThat(live).as("one job for each key that was not ended").isEqualTo(open);
        await().atMost(BOUND)
                .untilAsserted(() -> assertThat(ended)
                        .allSatisfy(id -> assertThat(node.history.find(id))
                                .singleElement()
                                .satisfies(job -> assertThat(job.view().state()).isEqualTo(JobState.COMPLETED))));
    }
}
