package dev.sage.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sage.api.InvalidGraphException;
import dev.sage.api.JobEvent;
import dev.sage.api.JobFailedException;
import dev.sage.api.JobFailure;
import dev.sage.api.JobHandle;
import dev.sage.api.JobResult;
import dev.sage.api.JobState;
import dev.sage.api.LocalEnvironment;
import dev.sage.api.ProcessService;
import dev.sage.api.Results;
import dev.sage.api.SageException;
import dev.sage.api.SubmitOptions;
import dev.sage.client.http.FakeNode;
import dev.sage.client.http.HttpTimes;
import dev.sage.client.http.NodeAddress;
import dev.sage.client.wire.NodeView;
import dev.sage.client.wire.SageVersion;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RemoteEnvironmentTest {
    private final FakeJobs jobs = new FakeJobs();
    private final FakeNode node = new FakeNode(jobs);

    @AfterEach
    void closeNode() throws Exception {
        jobs.ended.countDown();
        node.close();
    }

    @Test
    void collectedRecordsAndPrintedLinesAreHereWhenTheJobHasEnded() throws Exception {
        jobs.records.put("collect", List.of(1L, "zwei"));
        jobs.printed.addAll(List.of("p> 1", "p> 2"));
        jobs.ended.countDown();
        PrintStream own = System.out;
        ByteArrayOutputStream shown = new ByteArrayOutputStream();
        System.setOut(new PrintStream(shown, true, StandardCharsets.UTF_8));
        try (RemoteEnvironment env = connect()) {
            Results<Long> out = env.fromRange(0, 2).collect();
            env.fromRange(0, 2).print("p> ");

            JobResult result = env.run();

            assertThat(result).isEqualTo(jobs.result());
            assertThat((List<?>) out.list()).isEqualTo(List.of(1L, "zwei"));
            assertThat(shown.toString(StandardCharsets.UTF_8).lines()).containsExactly("p> 1", "p> 2");
        } finally {
            System.setOut(own);
        }
    }

    @Test
    void aSubmissionWhoseAnswerIsLostIsRepeatedWithItsKeyAndIsOneJob() throws Exception {
        AtomicBoolean lost = new AtomicBoolean();
        jobs.first = request -> {
            if (request.line().equals("POST /v1/jobs") && lost.compareAndSet(false, true)) {
                return Optional.of(jobs.answered(request).cut(20));
            }
            return Optional.empty();
        };
        try (RemoteEnvironment env = connect()) {
            assertThat(submit(env, SubmitOptions.autostop()).id()).isEqualTo("j1");
        }

        assertThat(jobs.submitted).hasSize(2);
        assertThat(keys()).hasSize(2).doesNotContainNull();
        assertThat(keys().get(0)).isEqualTo(keys().get(1));
    }

    @Test
    void whatTheNodeHasIsNotAskedForAgain() throws Exception {
        try (RemoteEnvironment env = connect()) {
            submit(env, SubmitOptions.autostop());
            long asked = heads();
            submit(env, SubmitOptions.autostop());

            assertThat(asked).isPositive();
            assertThat(heads()).isEqualTo(asked);
        }
    }

    @Test
    void whatTheNodeHasNoMoreIsSentAgainAndTheJobIsTheSame() throws Exception {
        AtomicBoolean missed = new AtomicBoolean();
        try (RemoteEnvironment env = connect()) {
            submit(env, SubmitOptions.autostop());
            long asked = heads();
            jobs.first = request -> request.line().equals("POST /v1/jobs") && missed.compareAndSet(false, true)
                    ? Optional.of(FakeNode.problem(422, "artifact.missing", "It was cleaned up."))
                    : Optional.empty();
            submit(env, SubmitOptions.autostop());

            assertThat(heads()).isEqualTo(2 * asked);
        }
        assertThat(keys()).hasSize(3);
        assertThat(keys().get(1)).isEqualTo(keys().get(2));
    }

    private long heads() {
        return node.requests().stream()
                .filter(request -> request.method().equals("HEAD"))
                .count();
    }

    @Test
    void theKeyOfTheUserIsTheKey() throws Exception {
        try (RemoteEnvironment env = connect()) {
            submit(env, SubmitOptions.autostop().idempotencyKey("mine"));
        }
        assertThat(keys()).containsExactly("mine");
    }

    @Test
    void aFailureHasTheUsersOwnExceptionAsItsCause() throws Exception {
        jobs.end = JobState.FAILED;
        jobs.failure = Optional.of(new JobFailure(
                JobFailure.Origin.OPERATOR,
                "map",
                0,
                OptionalLong.of(1),
                "apply",
                Optional.of(new Mine("odd")),
                "odd"));
        jobs.ended.countDown();
        try (RemoteEnvironment env = connect()) {
            env.fromRange(0, 2).print();

            assertThatThrownBy(env::run)
                    .isInstanceOf(JobFailedException.class)
                    .hasMessageContaining("operator 'map' (instance 0, record 1)")
                    .cause()
                    .isExactlyInstanceOf(Mine.class)
                    .hasMessage("odd");
        }
    }

    @Test
    void whatTheNodeFindsWrongWithAGraphIsThrownAsLocally() {
        jobs.first = request -> request.line().equals("POST /v1/jobs")
                ? Optional.of(FakeNode.problem(422, "graph.invalid", "Parallelism 9000."))
                : Optional.empty();
        try (RemoteEnvironment env = connect()) {
            assertThatThrownBy(() -> submit(env, SubmitOptions.autostop()))
                    .isInstanceOf(InvalidGraphException.class)
                    .hasMessageContaining("9000");
        }
    }

    @Test
    void anotherVersionAnOlderJavaOrAnUnknownTokenIsToldBeforeAnythingIsSent() {
        jobs.node = nodeOf("unknown", 11);
        assertThatThrownBy(this::connect)
                .hasMessageContaining("Java 11")
                .hasMessageContaining("Java " + Runtime.version().feature());
        jobs.first = request -> Optional.of(FakeNode.answer(401, "text/plain", new byte[0]));
        assertThatThrownBy(this::connect)
                .isInstanceOfSatisfying(
                        SageException.class, e -> assertThat(e.code()).isEqualTo("token.invalid"));
    }

    @Test
    void versionsFitWhenTheyAreTheSameOrOneIsNotKnown() {
        assertThat(SageVersion.fit("1.0", "1.0")).isTrue();
        assertThat(SageVersion.fit("1.0", SageVersion.UNKNOWN)).isTrue();
        assertThat(SageVersion.fit("1.0", "1.1")).isFalse();
    }

    @Test
    void aJobThatIsGoneIsReportedFromTheHistory() throws Exception {
        jobs.first = request ->
                request.path().endsWith("/events") ? Optional.of(FakeNode.events(List.of(), true)) : Optional.empty();
        jobs.ended.countDown();
        try (RemoteEnvironment env = connect()) {
            JobHandle job = submit(env, SubmitOptions.autostop());

            assertThat(job.awaitClean()).isEqualTo(jobs.result());
            List<JobEvent> heard = new CopyOnWriteArrayList<>();
            job.events(heard::add);
            await().until(() -> heard.size() == 1);
            assertThat(heard.get(0)).isInstanceOf(JobEvent.Ended.class);
        }
    }

    @Test
    void aJobThatTheNodeDoesNotKnowIsNotWaitedForWithoutEnd() throws Exception {
        jobs.first = request -> request.path().startsWith("/v1/jobs/")
                ? Optional.of(FakeNode.problem(404, "job.unknown", "There is no job j1."))
                : Optional.empty();
        try (RemoteEnvironment env = connect()) {
            JobHandle job = submit(env, SubmitOptions.autostop());

            assertThatThrownBy(job::awaitClean)
                    .isInstanceOfSatisfying(
                            SageException.class, e -> assertThat(e.code()).isEqualTo("job.unknown"));
            assertThatThrownBy(() -> job.result().toCompletableFuture().join())
                    .isInstanceOf(CompletionException.class)
                    .hasMessageContaining("There is no job j1.");
        }
    }

    @Test
    void aJobWhoseEventsAreNotUnderstoodIsNotWaitedForWithoutEnd() throws Exception {
        jobs.first = request -> request.path().endsWith("/events")
                ? Optional.of(FakeNode.events(List.of(FakeNode.frame(1, "new", "{\"type\":\"new\"}")), false))
                : Optional.empty();
        try (RemoteEnvironment env = connect()) {
            JobHandle job = submit(env, SubmitOptions.autostop());

            assertThatThrownBy(job::awaitClean).hasMessageContaining("could not be read");
        }
    }

    @Test
    void waitingOutlastsARestartOfTheNode() throws Exception {
        try (RemoteEnvironment env = connect()) {
            JobHandle job = submit(env, SubmitOptions.autostop());
            await().until(() -> node.lines().contains("GET /v1/jobs/j1/events"));

            node.goAway();
            jobs.ended.countDown();
            node.comeBack();

            assertThat(job.awaitClean(Duration.ofSeconds(30))).isEqualTo(jobs.result());
        }
    }

    @Test
    void anAttachedJobIsHeldByItsClientUntilItHasEnded() throws Exception {
        try (RemoteEnvironment env = connect()) {
            JobHandle job = submit(env, SubmitOptions.autostop());
            await().until(() -> renewals() >= 3);

            jobs.ended.countDown();
            job.awaitClean();
            await().until(() -> Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().equals("sage-job-j1")));
        }
        long then = renewals();
        assertThat(then).isBetween(3L, 200L);
    }

    @Test
    void closingCancelsAttachedJobsAndWaitsForTheirCleanUp() throws Exception {
        JobHandle job;
        try (RemoteEnvironment env = connect()) {
            job = submit(env, SubmitOptions.keepRunning());
        }
        assertThat(job.state()).isEqualTo(JobState.CANCELLED);
        assertThat(node.lines()).contains("POST /v1/jobs/j1/cancel");
    }

    @Test
    void closingLeavesDetachedJobsAlone() throws Exception {
        jobs.detached = true;
        JobHandle job;
        try (RemoteEnvironment env = connect()) {
            job = submit(env, SubmitOptions.autostop().detached());
        }
        assertThat(node.lines()).noneMatch(line -> line.endsWith("/cancel") || line.endsWith("/lease"));
        assertThatThrownBy(job::awaitClean).hasMessageContaining("goes on without it");
    }

    @Test
    void closingWithoutANetworkEndsInBoundedTime() throws Exception {
        RemoteEnvironment env = connect();
        submit(env, SubmitOptions.autostop());
        node.goAway();

        long begin = System.nanoTime();
        env.close();

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void closingDoesNotWaitLongerThanToldToForANodeThatIsSilent() throws Exception {
        RemoteEnvironment env = connect(options().closeTimeout(Duration.ofMillis(300)));
        submit(env, SubmitOptions.autostop());
        jobs.first = request -> Optional.of(FakeNode.SILENCE);

        long begin = System.nanoTime();
        env.close();

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void stoppingDrainsTheJobsAndWaits() throws Exception {
        try (RemoteEnvironment env = connect()) {
            JobHandle job = submit(env, SubmitOptions.keepRunning());

            env.stop();

            assertThat(job.state()).isEqualTo(JobState.STOPPED);
        }
    }

    @Test
    void listenersHearAllEventsAndTheirThreadsEndWithTheJob() throws Exception {
        try (RemoteEnvironment env = connect()) {
            JobHandle job = submit(env, SubmitOptions.autostop());
            List<JobEvent> heard = new CopyOnWriteArrayList<>();
            job.events(heard::add);
            jobs.ended.countDown();

            await().until(() -> heard.size() == 4);
            await().until(() -> Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().startsWith("sage-events-")));
            assertThat(heard.get(3)).isEqualTo(new JobEvent.Ended(Duration.ZERO, jobs.result()));
        }
    }

    @Test
    void programsAtTheClientNeedTheModuleThatStartsThem() {
        try (RemoteEnvironment env = connect()) {
            env.atClient("licence", ProcessService.command("true"));
            assertThatThrownBy(() -> env.submit(SubmitOptions.autostop()))
                    .isInstanceOfSatisfying(
                            SageException.class, e -> assertThat(e.code()).isEqualTo("runtime.missing"))
                    .hasMessageContaining("'licence'")
                    .hasMessageContaining("sage-runtime-actors");
        }
        assertThat(jobs.submitted).isEmpty();
    }

    @Test
    void whatAProgramAtTheClientCannotBeIsRefusedWithTheWayOut() {
        try (RemoteEnvironment env = connect()) {
            env.service("index", ProcessService.command("true"));
            env.atClient("licence", ProcessService.command("true")).dependsOn("index");
            assertRefused(env, SubmitOptions.autostop(), "depends on 'index' at the node");
            assertRefused(env, SubmitOptions.autostop().detached(), "[licence] run at the client");
            assertRefused(env, SubmitOptions.autostop().keepServices("licence"), "keepServices names 'licence'");
        }
        assertThat(jobs.submitted).isEmpty();
    }

    private static void assertRefused(RemoteEnvironment env, SubmitOptions options, String why) {
        assertThatThrownBy(() -> env.submit(options))
                .isInstanceOf(InvalidGraphException.class)
                .hasMessageContaining(why);
    }

    @Test
    void ownHostIsLoopbackForANodeOfHereAndOtherwiseAnAddressThatFitsIntoUrls() throws Exception {
        assertThat(OwnHost.seenFrom(new NodeAddress("localhost", 1), HttpTimes.DEFAULT))
                .isEqualTo("127.0.0.1");
        assertThat(OwnHost.text(InetAddress.getLoopbackAddress())).isEqualTo("127.0.0.1");
        assertThat(OwnHost.text(InetAddress.getByName("10.0.0.7"))).isEqualTo("10.0.0.7");
        assertThat(OwnHost.text(Inet6Address.getByAddress(
                        null, InetAddress.getByName("fe80::7").getAddress(), 3)))
                .isEqualTo("[fe80:0:0:0:0:0:0:7]");
    }

    @Test
    void aLocalEnvironmentOfASubmittedProgramSendsItsJobsToTheNode() throws Exception {
        jobs.ended.countDown();
        System.setProperty(SubmitProvider.NODE, node.address().toString());
        try (LocalEnvironment env = LocalEnvironment.create("app")) {
            env.fromRange(0, 2).print();

            assertThat(env.run()).isEqualTo(jobs.result());
        } finally {
            System.clearProperty(SubmitProvider.NODE);
        }
        assertThatThrownBy(() -> LocalEnvironment.create("app")).hasMessageContaining("No runtime");
    }

    @Test
    void aSubmittedProgramIsLetInByItsTokenAndItsJobsAreDetachedWhenItWasToldSo() throws Exception {
        jobs.ended.countDown();
        System.setProperty(SubmitProvider.NODE, node.address().toString());
        System.setProperty(SubmitProvider.TOKEN, "given");
        System.setProperty(SubmitProvider.DETACHED, "true");
        try (LocalEnvironment env = LocalEnvironment.create("app")) {
            env.fromRange(0, 2).print();

            env.run();
        } finally {
            List.of(SubmitProvider.NODE, SubmitProvider.TOKEN, SubmitProvider.DETACHED)
                    .forEach(System::clearProperty);
        }
        assertThat(jobs.submitted)
                .singleElement()
                .satisfies(submission ->
                        assertThat(submission.options().detached()).isTrue());
        assertThat(node.requests())
                .allSatisfy(request -> assertThat(request.headers()).containsEntry("authorization", "Bearer given"));
    }

    private List<String> keys() {
        return node.requests().stream()
                .filter(request -> request.line().equals("POST /v1/jobs"))
                .map(request -> request.headers().get("idempotency-key"))
                .toList();
    }

    private long renewals() {
        return node.lines().stream().filter(line -> line.endsWith("/lease")).count();
    }

    private static NodeView nodeOf(String sage, int java) {
        return new NodeView("i1", sage, java, 1, "127.0.0.1", 1, Instant.EPOCH, "/home");
    }

    private RemoteEnvironment connect() {
        return connect(options());
    }

    private RemoteEnvironment connect(RemoteOptions options) {
        return RemoteEnvironment.connect(
                "app", node.address().host(), node.address().port(), options);
    }

    private static RemoteOptions options() {
        return RemoteOptions.DEFAULT.token("secret").closeTimeout(Duration.ofSeconds(20));
    }

    private static JobHandle submit(RemoteEnvironment env, SubmitOptions options) {
        env.fromRange(0, 2).sink(record -> {});
        return env.submit(options);
    }

    static final class Mine extends RuntimeException {
        Mine(String message) {
            super(message);
        }
    }
}
