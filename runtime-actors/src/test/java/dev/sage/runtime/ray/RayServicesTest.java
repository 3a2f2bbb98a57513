package dev.sage.runtime.ray;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sage.api.CleanupReport;
import dev.sage.api.JobFailedException;
import dev.sage.api.JobHandle;
import dev.sage.api.JobResult;
import dev.sage.api.JobState;
import dev.sage.api.KeptService;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.PythonException;
import dev.sage.api.RayEndpoint;
import dev.sage.api.RayService;
import dev.sage.api.Resources.Gpu;
import dev.sage.api.SageException;
import dev.sage.api.Service;
import dev.sage.api.ServiceException;
import dev.sage.api.ServiceRef;
import dev.sage.api.SubmitOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RayServicesTest {
    private static final RayService EMBEDDER = RayService.python("embedder", "Embedder");

    @TempDir
    private Path folder;

    private LocalEnvironment env;

    @BeforeEach
    void start() {
        FakeRay.clear();
        FakeRay.define("embedder.Embedder", arguments -> new Embedder());
        env = LocalEnvironment.create(
                "ray",
                Map.of(
                        "sage.home",
                        folder.toString(),
                        "sage.locks-folder",
                        folder.resolve("locks").toString(),
                        "sage.gpus.ids",
                        "0-1",
                        "sage.gpus.idle-check.when",
                        "off",
                        "sage.ray.cleanup-within",
                        "500ms",
                        "sage.job-shutdown.phases.release-ray-actors.timeout",
                        "3s"));
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        env.close();
        assertThat(FakeRay.names()).isEmpty();
        if (Files.exists(folder.resolve("ledger"))) {
            try (Stream<Path> ledgers = Files.list(folder.resolve("ledger"))) {
                assertThat(ledgers).isEmpty();
            }
        }
    }

    /** What stands for a class of Python. */
    static class Embedder {
        static final AtomicInteger cleaned = new AtomicInteger();

        long length(String text) {
            if (text.isEmpty()) {
                throw new IllegalArgumentException("no text");
            }
            return text.length();
        }

        void cleanup() {
            cleaned.incrementAndGet();
        }
    }

    /** As its callers see it. */
    interface Lengths {
        long length(String text);
    }

    @Test
    void anActorIsCalledByNameByAnInterfaceAndByItsEndpoint() throws Exception {
        var embed = env.service("embed", EMBEDDER);
        Lengths lengths = embed.as(Lengths.class);
        RayEndpoint endpoint = embed.as(RayEndpoint.class);
        var results = env.fromCollection(List.of("a", "bc"))
                .mapAsync(2, text -> {
                    List<Object> answers = List.of(
                            embed.call("length", text),
                            lengths.length(text),
                            endpoint.call(Long.class, "length", text),
                            endpoint.actor());
                    return answers;
                })
                .collect();
        JobResult result = env.run();
        String name = "job_" + result.id() + "_1_embed";
        assertThat(results.list()).containsExactly(List.of(1L, 1L, 1L, name), List.of(2L, 2L, 2L, name));
    }

    @Test
    void whatAnActorRaisesIsTheCauseOfTheFailure() {
        var embed = env.service("embed", EMBEDDER);
        env.fromCollection(List.of("")).map(text -> embed.call("length", text)).print();
        assertThatThrownBy(env::run)
                .isInstanceOf(JobFailedException.class)
                .hasCauseInstanceOf(PythonException.class)
                .hasRootCauseMessage("IllegalArgumentException: no text");
    }

    @Test
    void anUnknownMethodIsToldAndTheActorLives() throws Exception {
        var embed = env.service("embed", EMBEDDER);
        JobHandle job = env.submit();
        job.awaitIdle();
        assertThatThrownBy(() -> embed.call("nothing"))
                .isInstanceOf(ServiceException.class)
                .hasMessageContaining("nothing");
        assertThat(embed.call("length", "abc")).isEqualTo(3L);
        job.stop();
    }

    @Test
    void eachActorHasALineOfItsCleanupAndItsEnd() throws Exception {
        int before = Embedder.cleaned.get();
        env.service("one", EMBEDDER);
        env.service("two", EMBEDDER);
        JobResult result = env.run();
        assertThat(Embedder.cleaned.get() - before).isEqualTo(2);
        assertThat(lines(result))
                .extracting(CleanupReport.Line::name, CleanupReport.Line::outcome, CleanupReport.Line::reason)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple(
                                "one", CleanupReport.Outcome.RELEASED, "cleanup ok in 1 ms, killed in 2 ms"),
                        org.assertj.core.groups.Tuple.tuple(
                                "two", CleanupReport.Outcome.RELEASED, "cleanup ok in 1 ms, killed in 2 ms"));
        assertThat(result.services().get("one").cleanupCompleted()).isTrue();
    }

    private static List<CleanupReport.Line> lines(JobResult result) {
        return result.cleanup().lines().stream()
                .filter(line -> line.kind().equals("ray-actor"))
                .toList();
    }

    /** Its cleanup never returns. */
    static final class Hung {
        void cleanup() throws InterruptedException {
            new CountDownLatch(1).await();
        }
    }

    @Test
    void hungCleanupsCostOneTimeoutAndTheActorsAreKilledNevertheless() throws Exception {
        FakeRay.define("m.Hung", arguments -> new Hung());
        for (int i = 0; i < 6; i++) {
            env.service("hung" + i, RayService.python("m", "Hung"));
        }
        JobHandle job = env.submit();
        job.awaitIdle();
        long sinceNs = System.nanoTime();
        job.stop();
        assertThatThrownBy(job::awaitClean).hasMessageContaining("killed in 2 ms");
        assertThat(Duration.ofNanos(System.nanoTime() - sinceNs)).isLessThan(Duration.ofSeconds(2));
        JobResult result = job.result().toCompletableFuture().join();
        assertThat(lines(result)).hasSize(6).allSatisfy(line -> {
            assertThat(line.outcome()).isEqualTo(CleanupReport.Outcome.FAILED);
            assertThat(line.reason()).contains("cleanup failed:").contains("killed in 2 ms");
        });
        assertThat(FakeRay.names()).isEmpty();
    }

    @Test
    void aDeadActorFailsItsJobWithTheCause() throws Exception {
        env.service("embed", EMBEDDER);
        JobHandle job = env.submit();
        job.awaitIdle();
        FakeRay.actor("job_" + job.id() + "_1_embed").die();
        assertThatThrownBy(job::awaitClean)
                .isInstanceOf(JobFailedException.class)
                .hasRootCauseMessage("Actor job_" + job.id() + "_1_embed died: killed by a test");
        JobResult result = job.result().toCompletableFuture().join();
        assertThat(result.clean()).isTrue();
        assertThat(lines(result))
                .singleElement()
                .satisfies(line -> assertThat(line.reason()).isEqualTo("cleanup not run, as it had died"));
    }

    @Test
    void aDeadActorIsMadeAnewAsOftenAsItMayAndCallsWait() throws Exception {
        var embed = env.service("embed", EMBEDDER.maxRestarts(1));
        JobHandle job = env.submit();
        job.awaitIdle();
        String name = "job_" + job.id() + "_1_embed";
        FakeRay.actor(name).die();
        assertThat(embed.call("length", "abcd")).isEqualTo(4L);
        assertThat(FakeRay.names()).containsExactly(name + "~2");
        assertThat(FakeRay.held(folder)).containsExactly(name + "~2");
        FakeRay.actor(name + "~2").die();
        assertThatThrownBy(job::awaitClean).isInstanceOf(JobFailedException.class);
        assertThat(lines(job.result().toCompletableFuture().join()))
                .extracting(CleanupReport.Line::name)
                .containsExactly("embed", "embed~2");
    }

    @Test
    void aReplacedActorThatWasNotSeenToBeGoneIsLookedForAgainAtTheEndOfItsJob() throws Exception {
        var embed = env.service("embed", EMBEDDER.maxRestarts(1));
        JobHandle job = env.submit();
        job.awaitIdle();
        String name = "job_" + job.id() + "_1_embed";
        FakeRay.actor(name).unseenOnce();
        FakeRay.actor(name).die();
        assertThat(embed.call("length", "abcd")).isEqualTo(4L);
        job.stop();
        JobResult result = job.awaitClean();
        assertThat(result.clean()).isTrue();
        assertThat(lines(result))
                .extracting(CleanupReport.Line::name, CleanupReport.Line::reason)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple("embed", "cleanup not run, as it had died"),
                        org.assertj.core.groups.Tuple.tuple("embed~2", "cleanup ok in 1 ms, killed in 2 ms"));
    }

    @Test
    void aConstructorThatRaisesFailsTheJobAndLeavesNothing() {
        FakeRay.define("m.Broken", arguments -> {
            throw new IllegalStateException("no model");
        });
        env.service("broken", RayService.python("m", "Broken"));
        assertThatThrownBy(env::run)
                .isInstanceOf(JobFailedException.class)
                .hasMessageContaining("no model")
                .hasCauseInstanceOf(SageException.class);
        assertThat(FakeRay.names()).isEmpty();
    }

    @Test
    void oneThatIsBeingMadeWhenItsJobIsCancelledIsKilledByItsName() throws Exception {
        FakeRay.gate = new CountDownLatch(1);
        env.service("slow", EMBEDDER);
        JobHandle job = env.submit();
        await().until(() -> FakeRay.names().contains("job_" + job.id() + "_1_slow"));
        job.cancel();
        JobResult result = job.awaitClean();
        assertThat(result.state()).isEqualTo(JobState.CANCELLED);
        assertThat(result.clean()).isTrue();
        assertThat(FakeRay.names()).isEmpty();
        assertThat(FakeRay.made).hasValue(0);
    }

    @Test
    void aKeptActorOutlivesItsJobAndEndsByItsName() throws Exception {
        env.service("embed", EMBEDDER);
        env.service("other", EMBEDDER);
        env.fromRange(0, 1).print();
        JobResult result = env.run(SubmitOptions.autostop().keepServices("embed"));
        assertThat(FakeRay.names()).containsExactly("job_" + result.id() + "_1_embed");
        KeptService kept = env.keptServices().get(0);
        assertThat(kept.as(Lengths.class).length("abc")).isEqualTo(3);
        CleanupReport report = kept.end();
        assertThat(report.lines()).extracting(CleanupReport.Line::kind).contains("ray-actor");
        assertThat(FakeRay.names()).isEmpty();
    }

    @Test
    void onlyWhatMayOutliveItsJobOutlivesAGatewayAndTheLedgerSaysSoBeforeItIsMade() throws Exception {
        FakeRay.gate = new CountDownLatch(1);
        env.service("embed", EMBEDDER);
        env.service("other", EMBEDDER);
        env.fromRange(0, 1).print();
        JobHandle job = env.submit(SubmitOptions.autostop().keepServices("embed"));
        Predicate<String> asked = name -> FakeRay.names().contains("job_" + job.id() + "_1_" + name);
        await().until(() -> asked.test("embed") && asked.test("other"));
        assertThat(ledger())
                .anyMatch(line -> line.contains("_1_embed\"") && line.contains("\"kept\":true"))
                .anyMatch(line -> line.contains("_1_other\"") && line.contains("\"kept\":false"));
        assertThat(FakeRay.actor("job_" + job.id() + "_1_embed").lasting).isTrue();
        assertThat(FakeRay.actor("job_" + job.id() + "_1_other").lasting).isFalse();
        requireNonNull(FakeRay.gate).countDown();
        job.awaitClean();
        assertThat(ledger()).anyMatch(line -> line.contains("\"kept\":true"));
    }

    private List<String> ledger() throws Exception {
        try (Stream<Path> ledgers = Files.list(folder.resolve("ledger"))) {
            return Files.readAllLines(ledgers.findFirst().orElseThrow());
        }
    }

    @Test
    void oneThatWasToBeKeptEndsWithAJobThatFails() {
        env.service("embed", EMBEDDER);
        env.fromRange(0, 1)
                .map(n -> {
                    throw new IllegalStateException("no");
                })
                .print();
        assertThatThrownBy(() -> env.run(SubmitOptions.autostop().keepServices("embed")))
                .isInstanceOf(JobFailedException.class);
        assertThat(FakeRay.names()).isEmpty();
    }

    @Test
    void noJobGetsAGpuThatTheClusterHasUntilTheClusterEnds() throws Exception {
        FakeRay.gpus = List.of(0);
        env.service("embed", EMBEDDER);
        env.submit().awaitIdle();
        assertThat(env.resources().gpus()).containsExactly(new Gpu(0, "leased to the Ray cluster"), new Gpu(1, "free"));
        assertThat(ledger()).anyMatch(line -> line.contains("\"gpu\":0") && line.contains("ray-cluster"));
        env.service("idle", EMBEDDER);
        JobHandle job = env.submit(SubmitOptions.keepRunning().gpus(1));
        job.awaitIdle();
        assertThat(job.leases().gpus()).containsExactly(1);
    }

    @Test
    void aClusterThatWantsAGpuOfAJobFailsAndNamesTheJob() throws Exception {
        env.service("trainer", Idle::new);
        JobHandle trainer = env.submit(SubmitOptions.keepRunning().gpus(2));
        trainer.awaitIdle();
        FakeRay.gpus = List.of(1);
        env.service("embed", EMBEDDER);
        env.fromRange(0, 1).print();
        assertThatThrownBy(env::run)
                .hasStackTraceContaining(
                        "'ray-cluster' cannot have GPU 1, which is held by job '" + trainer.id() + "'");
    }

    private static final class Idle implements Service {}

    @Test
    void aSharedActorServesAllJobsAndEndsWithItsEnvironment() throws Exception {
        ServiceRef<RayEndpoint> shared = env.sharedService("embed", EMBEDDER);
        for (int i = 0; i < 2; i++) {
            env.fromCollection(List.of("abc"))
                    .map(text -> shared.call("length", text))
                    .print();
            env.run();
        }
        assertThat(FakeRay.made).hasValue(1);
        assertThat(FakeRay.names())
                .singleElement()
                .asString()
                .matches("job_shared-embed-[0-9a-f]{32}_1_embed")
                .satisfies(name -> assertThat(FakeRay.actor(name).lasting).isTrue());
    }

    @Test
    void aCallThatIsUnderWayWhenItsJobIsCancelledHoldsNothingUp() throws Exception {
        FakeRay.define("m.Slow", arguments -> new Slow());
        var slow = env.service("slow", RayService.python("m", "Slow"));
        env.fromRange(0, 1).mapAsync(1, n -> String.valueOf(slow.call("hang"))).print();
        assertCancelledWhileItHangs();
    }

    @Test
    void aCallByTheEndpointIsInterruptedWithItsTask() throws Exception {
        FakeRay.define("m.Slow", arguments -> new Slow());
        RayEndpoint slow = env.service("slow", RayService.python("m", "Slow")).as(RayEndpoint.class);
        env.fromRange(0, 1).map(n -> String.valueOf(slow.call("hang"))).print();
        assertCancelledWhileItHangs();
    }

    private void assertCancelledWhileItHangs() throws Exception {
        Slow.waiting.clear();
        JobHandle job = env.submit();
        await().until(() -> Slow.waiting.contains("wait"));
        long sinceNs = System.nanoTime();
        job.cancel();
        assertThat(job.awaitClean().state()).isEqualTo(JobState.CANCELLED);
        assertThat(Duration.ofNanos(System.nanoTime() - sinceNs)).isLessThan(Duration.ofSeconds(4));
    }

    /** Its method waits for what does not come. */
    static final class Slow {
        static final ConcurrentLinkedQueue<String> waiting = new ConcurrentLinkedQueue<>();

        void hang() throws InterruptedException {
            waiting.add("wait");
            new CountDownLatch(1).await();
        }
    }

    @Test
    void withoutAClusterTheJobFailsWithWhatIsToBeDone() {
        FakeRay.unavailable = new SageException("ray.unavailable", "There is no Python. Install one.");
        env.service("embed", EMBEDDER);
        assertThatThrownBy(env::run)
                .isInstanceOf(JobFailedException.class)
                .hasMessageContaining("There is no Python. Install one.");
    }
}
