package dev.sage.node.job;

import static dev.sage.node.core.SomeJobs.job;
import static dev.sage.node.core.SomeJobs.outcome;
import static dev.sage.node.job.TestRegistry.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sage.api.JobState;
import dev.sage.api.SubmitOptions.NodeLoss;
import dev.sage.client.wire.JobPage;
import dev.sage.client.wire.JobView;
import dev.sage.node.NodeException;
import dev.sage.node.core.Ended;
import dev.sage.node.core.NewJob;
import dev.sage.node.core.Outcome;
import dev.sage.node.core.RegisteredJob;
import dev.sage.node.core.SomeJobs;
import dev.sage.node.journal.JournalSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the registry promises, on whatever database. */
abstract class RegistryContract {
    private static final Outcome COMPLETED = outcome(JobState.COMPLETED);

    @TempDir
    private Path home;

    private JournalSettings journal;
    private TestRegistry node;

    abstract JournalSettings database(Path home) throws Exception;

    /** What the next start finds when the node that used this journal was ended in the middle of its work. */
    abstract JournalSettings afterCrash(JournalSettings journal) throws Exception;

    @BeforeEach
    void open() throws Exception {
        journal = database(home);
        start(Map.of());
    }

    @AfterEach
    void close() {
        node.close();
    }

    private void start(Map<String, ?> settings) {
        node = new TestRegistry(journal, TestRegistry.config(settings));
    }

    private void crash() throws Exception {
        crash(Map.of());
    }

    private void crash(Map<String, ?> settings) throws Exception {
        node.close();
        journal = afterCrash(journal);
        start(settings);
        get(node.ready);
    }

    private List<String> live() {
        return get(node.registry.live()).stream().map(RegisteredJob::id).toList();
    }

    private static void refuses(String code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        NodeException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void anAcceptedJobIsRunOnceItIsDurable() {
        Acceptance acceptance = get(node.registry.accept(job("0a")));

        assertThat(acceptance.repeated()).isFalse();
        assertThat(node.run).extracting(RegisteredJob::id).containsExactly("0a");
        assertThat(live()).containsExactly("0a");
    }

    @Test
    void aQueuedJobRunsAfterACrashAsItIs() throws Exception {
        NewJob job = job("0a", "key");
        get(node.registry.accept(job));

        crash();

        await().until(() -> !node.run.isEmpty());
        assertThat(node.run).singleElement().satisfies(run -> {
            assertThat(run.job()).isEqualTo(job);
            assertThat(run.attempt()).isEqualTo(1);
            assertThat(run.startedAt()).isEmpty();
        });
    }

    @Test
    void aGraphInTheJournalIsThereAfterACrash() throws Exception {
        NewJob job = SomeJobs.withGraph("0a", "QUJD".repeat(4_096), NodeLoss.FAIL);
        get(node.registry.accept(job));

        crash();

        await().until(() -> !node.run.isEmpty());
        assertThat(node.run)
                .singleElement()
                .satisfies(run -> assertThat(run.job()).isEqualTo(job));
    }

    /** Else who tidies up after a crash takes their files for those of nobody. */
    @Test
    void aRegistryThatIsReadyHasHandedOverTheJobsThatWaitAndArchivedThoseThatWereLost() throws Exception {
        get(node.registry.accept(job("0a")));
        get(node.registry.accept(job("0b")));
        get(node.registry.accept(job("0c", Optional.empty(), "hash", NodeLoss.RESTART)));
        get(node.registry.started("0b", 1));
        get(node.registry.started("0c", 1));

        crash();

        assertThat(get(node.handedWhenReady).run()).containsExactlyInAnyOrder("0a", "0c");
        assertThat(get(node.handedWhenReady).archived()).containsExactly("0b");
    }

    @Test
    void aJobThatRanFailsAfterACrash() throws Exception {
        get(node.registry.accept(job("0a")));
        get(node.registry.started("0a", 1));

        crash();

        assertThat(live()).isEmpty();
        await().untilAsserted(() -> assertThat(node.history.find("0a"))
                .singleElement()
                .satisfies(job -> {
                    assertThat(job.view().state()).isEqualTo(JobState.FAILED);
                    assertThat(job.view().cause()).startsWith("NodeLost: ");
                    assertThat(job.view().startedAt()).isNotNull();
                }));
        assertThat(node.run).isEmpty();
    }

    @Test
    void aJobThatRanRunsAgainAfterACrashWhereItIsToRestart() throws Exception {
        get(node.registry.accept(job("0a", Optional.empty(), "hash", NodeLoss.RESTART)));
        get(node.registry.started("0a", 1));

        crash();

        await().until(() -> !node.run.isEmpty());
        assertThat(node.run).singleElement().extracting(RegisteredJob::attempt).isEqualTo(2);
        refuses("job.stale", () -> get(node.registry.started("0a", 1)));
        refuses("job.stale", () -> get(node.registry.ended("0a", 1, COMPLETED)));
        get(node.registry.started("0a", 2));
        get(node.registry.ended("0a", 2, COMPLETED));
        await().until(() -> node.archived.contains("0a"));
        assertThat(node.history.find("0a").get(0).view().attempt()).isEqualTo(2);
    }

    @Test
    void aCancelledJobDoesNotRunAfterACrash() throws Exception {
        get(node.registry.accept(job("0a")));
        get(node.registry.cancel("0a", "not wanted"));
        assertThat(node.cancelled).containsExactly("0a");

        crash();

        await().untilAsserted(() -> assertThat(node.history.find("0a"))
                .singleElement()
                .satisfies(job -> {
                    assertThat(job.view().state()).isEqualTo(JobState.CANCELLED);
                    assertThat(job.view().cause()).isEqualTo("not wanted");
                }));
        assertThat(node.run).isEmpty();
    }

    @Test
    void anEndedJobIsInTheHistoryAndHasOneOutcome() throws Exception {
        get(node.registry.accept(job("0a", "key")));
        get(node.registry.started("0a", 1));
        get(node.registry.ended("0a", 1, COMPLETED));
        get(node.registry.ended("0a", 1, outcome(JobState.FAILED)));

        crash();

        FinishedJob job = node.history.find("0a").get(0);
        assertThat(job.view().state()).isEqualTo(JobState.COMPLETED);
        assertThat(job.resultJson()).isEqualTo("{}");
        assertThat(job.eventsJson()).isEqualTo("[]");
        assertThat(live()).isEmpty();
        refuses("job.ended", () -> get(node.registry.cancel("0a", "too late")));
        refuses("job.ended", () -> get(node.registry.started("0a", 1)));
        refuses("job.unknown", () -> get(node.registry.cancel("0b", "never there")));
        get(node.registry.ended("0a", 1, COMPLETED));
    }

    @Test
    void nobodyWaitsForTheWayIntoTheHistory() throws Exception {
        crash(Map.of("sage.node.history.copy-after", "1h"));
        get(node.registry.accept(job("0a", "key")));
        get(node.registry.ended("0a", 1, COMPLETED));

        assertThat(node.history.find("0a")).isEmpty();
        assertThat(live()).isEmpty();
        assertThat(get(node.registry.accept(job("0b", "key")))).isInstanceOf(Acceptance.Finished.class);

        crash();

        assertThat(node.history.find("0a")).hasSize(1);
        assertThat(node.archived).containsExactly("0a");
    }

    @Test
    void aKeyStandsForOneJobLiveAndFinished() throws Exception {
        get(node.registry.accept(job("0a", "key")));

        assertThat(get(node.registry.accept(job("0b", "key")))).isInstanceOfSatisfying(Acceptance.Live.class, same -> {
            assertThat(same.job().id()).isEqualTo("0a");
            assertThat(same.repeated()).isTrue();
        });
        NewJob other = job("0c", Optional.of("key"), "other", NodeLoss.FAIL);
        refuses("key.reused", () -> get(node.registry.accept(other)));

        get(node.registry.ended("0a", 1, COMPLETED));
        crash();

        assertThat(get(node.registry.accept(job("0b", "key"))))
                .isInstanceOfSatisfying(
                        Acceptance.Finished.class,
                        same -> assertThat(same.job().id()).isEqualTo("0a"));
        refuses("key.reused", () -> get(node.registry.accept(other)));
        refuses("job.id-taken", () -> get(node.registry.accept(job("0a"))));
        assertThat(node.history.byKey("key"))
                .get()
                .extracting(job -> job.view().id())
                .isEqualTo("0a");
        assertThat(node.run).isEmpty();
    }

    @Test
    void manySubmissionsWithOneKeyAreOneJob() {
        List<CompletableFuture<Acceptance>> all = IntStream.range(0, 200)
                .mapToObj(i ->
                        node.registry.accept(job("%02x".formatted(i), "key")).toCompletableFuture())
                .toList();

        assertThat(all.stream().filter(one -> !get(one).repeated())).hasSize(1);
        assertThat(node.run).hasSize(1);
    }

    @Test
    void whatASnapshotHoldsIsThereAfterACrash() throws Exception {
        crash(Map.of("sage.node.registry.snapshot-every", 10));
        for (int i = 0; i < 60; i++) {
            get(node.registry.accept(job("%02x".formatted(i), "key-" + i)));
            if (i % 3 == 0) {
                get(node.registry.ended("%02x".formatted(i), 1, COMPLETED));
            }
        }
        List<String> before = live();

        crash();

        assertThat(before).hasSize(40);
        assertThat(live()).isEqualTo(before);
        assertThat(get(node.registry.accept(job("ff", "key-1"))).repeated()).isTrue();
    }

    @Test
    void moreThanMayWaitIsRefused() throws Exception {
        crash(Map.of("sage.node.registry.waiting-calls", 10, "sage.node.registry.calls-per-write", 5));
        List<CompletableFuture<Acceptance>> all = IntStream.range(0, 2_000)
                .mapToObj(i -> node.registry.accept(job("%04x".formatted(i))).toCompletableFuture())
                .toList();

        int refused = 0;
        for (CompletableFuture<Acceptance> one : all) {
            try {
                get(one);
            } catch (NodeException e) {
                assertThat(e.code()).isEqualTo("registry.busy");
                refused++;
            }
        }
        assertThat(refused).isPositive();
        assertThat(live()).hasSize(2_000 - refused);
    }

    @Test
    void theHistoryIsPagedFromTheNewestToTheOldest() {
        fillHistory(10_000);
        List<String> seen = new ArrayList<>();
        Optional<String> after = Optional.empty();
        do {
            JobPage page = node.history.page(new Jobs.Query(Set.of(), Optional.empty(), Optional.empty(), after, 700));
            page.jobs().forEach(job -> seen.add(job.id()));
            after = Optional.ofNullable(page.next());
        } while (after.isPresent());

        List<String> expected = IntStream.range(0, 10_000)
                .map(i -> 9_999 - i)
                .mapToObj("%08x"::formatted)
                .toList();
        assertThat(seen).isEqualTo(expected);
        JobPage failed = node.history.page(new Jobs.Query(
                Set.of(JobState.FAILED, JobState.RUNNING),
                Optional.of("name"),
                Optional.of("owner"),
                Optional.empty(),
                5));
        assertThat(failed.jobs()).extracting(JobView::id).startsWith("0000270e").hasSize(5);
        assertThat(failed.jobs()).extracting(JobView::state).containsOnly(JobState.FAILED);
        assertThat(node.history.find("0000270")).hasSize(2);
        assertThat(node.history.find("00002701")).hasSize(1);
        assertThat(node.history.find("%")).isEmpty();
        refuses(
                "page.invalid",
                () -> node.history.page(
                        new Jobs.Query(Set.of(), Optional.empty(), Optional.empty(), Optional.of("x"), 5)));
    }

    @Test
    void theHistoryKeepsOnlySoManyAndForgetsTheirKeys() throws Exception {
        fillHistory(2_000);

        crash(Map.of(
                "sage.node.history.keep-jobs",
                100,
                "sage.node.history.sweep-jobs",
                100,
                "sage.node.history.keep-for",
                "10000d",
                "sage.node.history.sweep-every",
                // So seldom that one sweep after the other would come too late: a full one is followed by the next at
                // once.
                "5s"));

        Jobs.Query all = new Jobs.Query(Set.of(), Optional.empty(), Optional.empty(), Optional.empty(), 1_000);
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(node.history.page(all).jobs()).hasSize(100));
        await().untilAsserted(() -> assertThat(node.forgotten).hasSize(1_900).doesNotContain("000007cf"));
        assertThat(node.history.find("000007cf")).hasSize(1);
        assertThat(get(node.registry.accept(job("ff", "key-1"))).repeated()).isFalse();
        assertThat(get(node.registry.accept(job("fe", "key-1999"))).repeated()).isTrue();
    }

    @Test
    void theHistoryForgetsWhatEndedLongAgo() throws Exception {
        Instant now = Instant.now();
        node.history.add(List.of(endedAt("0a", now.minus(Duration.ofDays(3))), endedAt("0b", now)));

        crash(Map.of("sage.node.history.keep-for", "2d", "sage.node.history.sweep-every", "100ms"));

        await().untilAsserted(() -> assertThat(node.forgotten).containsExactly("0a"));
        assertThat(node.history.find("0a")).isEmpty();
        assertThat(node.history.find("0b")).hasSize(1);
    }

    private static Ended endedAt(String id, Instant at) {
        RegisteredJob job = new RegisteredJob(job(id), 1, at, Optional.empty(), Optional.empty());
        return new Ended(job, new Outcome(JobState.COMPLETED, "", true, "{}", "[]", at));
    }

    private void fillHistory(int jobs) {
        List<Ended> ended = new ArrayList<>();
        for (int i = 0; i < jobs; i++) {
            // Ten at a time: the id decides between those.
            Instant at = SomeJobs.NOON.plusMillis(i / 10);
            RegisteredJob job =
                    new RegisteredJob(job("%08x".formatted(i), "key-" + i), 1, at, Optional.empty(), Optional.empty());
            ended.add(new Ended(
                    job, new Outcome(i % 2 == 0 ? JobState.FAILED : JobState.COMPLETED, "", true, "{}", "[]", at)));
        }
        node.history.add(ended);
        node.history.add(ended.subList(0, 10));
    }
}
