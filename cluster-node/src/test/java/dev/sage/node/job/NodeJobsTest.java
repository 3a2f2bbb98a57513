package dev.sage.node.job;

import static dev.sage.node.job.TestJobs.get;
import static dev.sage.node.job.TestJobs.program;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sage.api.JobEvent;
import dev.sage.api.JobProgress;
import dev.sage.api.JobState;
import dev.sage.client.wire.JobChange;
import dev.sage.client.wire.JobSubmission;
import dev.sage.client.wire.JobView;
import dev.sage.client.wire.Wire;
import dev.sage.node.NodeException;
import dev.sage.node.NodeException.Kind;
import dev.sage.node.core.NewJob;
import dev.sage.node.core.Work;
import dev.sage.node.job.Jobs.Listener;
import dev.sage.node.job.Jobs.Numbered;
import dev.sage.node.job.Jobs.Order;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs of a node, from their submission to their outcome in the registry. */
class NodeJobsTest {
    @TempDir
    Path home;

    private TestJobs node;

    @BeforeEach
    void start() throws Exception {
        node = TestJobs.connected(home);
    }

    @AfterEach
    void end() {
        node.close();
    }

    private void awaitOutcome(String id, JobState state) {
        await().atMost(TestJobs.SOON).until(() -> node.registry.outcome(id) == state);
    }

    @Test
    void programRunsAndItsOutcomeIsWrittenDown() throws Exception {
        String id = node.submit(program(true, "echo", "hello"));

        List<String> lines = node.output(id, Optional.of("program"), OptionalLong.empty());
        List<Numbered<JobEvent>> events = node.events(id, 0, true);

        assertThat(lines).containsExactly("hello");
        assertThat(events.get(events.size() - 1).value()).isInstanceOf(JobEvent.Ended.class);
        assertThat(node.registry.started).containsExactly(id);
        assertThat(node.registry.outcome(id)).isEqualTo(JobState.COMPLETED);
        assertThat(Files.readString(get(node.jobs.outputFile(id, "program")))).isEqualTo("hello\n");
    }

    @Test
    void startAndEndShowTheTimeOfTheNodesClock() {
        String id = node.submit(program(true, "true"));
        get(node.jobs.allWritten());

        assertThat(get(node.jobs.show(id)).job().startedAt()).isEqualTo(TestJobs.NOW);
        assertThat(get(node.jobs.show(id)).job().endedAt()).isEqualTo(TestJobs.NOW);
        assertThat(node.registry.outcomes.get(id).endedAt()).isEqualTo(TestJobs.NOW);
    }

    @Test
    void pipelinePrintsCollectsAndLeavesNoGraph() throws Exception {
        String id = node.submit(Pipelines.of(environment -> {
            environment.fromCollection(List.of("a", "b")).print();
            environment.fromRange(0, 3).collect();
        }));

        assertThat(node.output(id, Optional.of("print"), OptionalLong.empty())).containsExactlyInAnyOrder("a", "b");
        awaitOutcome(id, JobState.COMPLETED);
        String operator = get(node.jobs.show(id)).collected().get(0);
        assertThat(get(node.jobs.collected(id, operator))).isNotEmptyFile();
        await().atMost(TestJobs.SOON).until(() -> node.graphs().isEmpty());
    }

    @Test
    void endShowsOnlyWhenItIsInTheJournal() throws Exception {
        node.registry.endsFail.add(FakeRegistry.away());

        String id = node.submit(program(true, "true"));
        List<Numbered<JobEvent>> events = node.events(id, 0, true);

        assertThat(node.registry.outcome(id)).isEqualTo(JobState.COMPLETED);
        assertThat(events.get(events.size() - 1).value()).isInstanceOf(JobEvent.Ended.class);
    }

    @Test
    void outcomeThatTheRegistryDoesNotWantIsNotOfferedForEver() {
        node.registry.endsFail.add(new NodeException(Kind.CONFLICT, "job.stale", "Attempt 1 is over.", "Do nothing."));

        node.submit(program(true, "true"));

        get(node.jobs.allWritten());
    }

    @Test
    void jobStartsLaterWhenTheJournalIsAwayForAMoment() {
        node.registry.startsFail.add(FakeRegistry.away());

        String id = node.submit(program(true, "true"));

        awaitOutcome(id, JobState.COMPLETED);
    }

    @Test
    void jobWhoseStartIsRefusedFailsWithTheReason() {
        node.registry.startsFail.add(new NodeException(Kind.CONFLICT, "job.stale", "Attempt 1 is over.", "Nothing."));

        String id = node.submit(program(true, "true"));

        awaitOutcome(id, JobState.FAILED);
        assertThat(node.registry.outcomes.get(id).cause()).contains("Attempt 1 is over.");
    }

    @Test
    void jobDoesNotStartBeforeThatIsInTheJournal() throws Exception {
        CompletableFuture<Done> journal = new CompletableFuture<>();
        node.registry.startsMayBeWritten = journal;
        Path made = home.resolve("made");

        String id = node.submit(program(true, "touch", made.toString()));
        await().atMost(TestJobs.SOON).until(() -> node.registry.started.contains(id));
        assertThat(get(node.jobs.show(id)).job().state()).isEqualTo(JobState.QUEUED);
        assertThat(made).doesNotExist();
        journal.complete(Done.getInstance());

        awaitOutcome(id, JobState.COMPLETED);
        assertThat(made).exists();
    }

    @Test
    void graphStaysWhenNobodyKnowsWhetherTheJobWasAccepted() throws Exception {
        node.registry.acceptsFail.add(FakeRegistry.away());
        JobSubmission submission =
                Pipelines.of(environment -> environment.fromRange(0, 3).collect());

        assertThatThrownBy(() -> node.submit(submission))
                .isInstanceOfSatisfying(
                        NodeException.class, e -> assertThat(e.code()).isEqualTo("registry.unavailable"));
        assertThat(node.graphs()).hasSize(1);

        // The registry had it after all, and hands it over late.
        String id = node.graphs().get(0).getFileName().toString();
        node.jobs.run(FakeRegistry.registered(new NewJob(
                id,
                "pipeline",
                "someone",
                Optional.empty(),
                "hash",
                submission.options(),
                new Work.Pipeline(submission.code().sage(), submission.code().java(), List.of(), Optional.empty()))));
        awaitOutcome(id, JobState.COMPLETED);
    }

    @Test
    void graphGoesWhenTheJobWasRefused() throws Exception {
        node.registry.acceptsFail.add(new NodeException(Kind.UNPROCESSABLE, "key.reused", "Another.", "A new key."));

        assertThatThrownBy(() -> node.submit(
                        Pipelines.of(environment -> environment.fromRange(0, 3).collect())))
                .isInstanceOf(NodeException.class);

        await().atMost(TestJobs.SOON).until(() -> node.graphs().isEmpty());
    }

    @Test
    void whatAJobLeftGoesWhenTheHistoryForgetsIt() throws Exception {
        String ended = node.submit(
                Pipelines.of(environment -> environment.fromRange(0, 3).collect()));
        awaitOutcome(ended, JobState.COMPLETED);
        String live = node.submit(program(true, "sleep", "600"));
        Path ofEnded = node.files.printed(ended).getParent();
        Path ofLive = node.files.printed(live).getParent();
        Files.createDirectories(ofLive);
        assertThat(ofEnded).isDirectory();

        node.jobs.forgotten(List.of(live, "0badcafe", ended));

        await().atMost(TestJobs.SOON).until(() -> !Files.exists(ofEnded));
        assertThat(ofLive).isDirectory();
    }

    /** Nobody hears of an outcome that a crash could change. */
    @Test
    void progressTellsAnEndOnlyWhenItIsWritten() throws Exception {
        for (int i = 0; i < 3; i++) {
            node.registry.endsFail.add(FakeRegistry.away());
        }
        String id = node.submit(program(true, "true"));
        BlockingQueue<Boolean> writtenWhenTold = new LinkedBlockingQueue<>();
        get(node.jobs.progress(id, new Listener<>() {
            @Override
            public void next(Numbered<JobProgress> progress) {
                if (progress.value().state().isTerminal()) {
                    writtenWhenTold.add(node.registry.outcome(id) != null);
                }
            }

            @Override
            public void end() {}
        }));

        await().atMost(TestJobs.SOON).until(() -> {
            boolean told = get(node.jobs.show(id)).progress().state().isTerminal();
            assertThat(!told || node.registry.outcome(id) != null).isTrue();
            return told;
        });
        assertThat(writtenWhenTold.poll(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void idThatIsTakenIsReplacedByAnother() {
        node.registry.acceptsFail.add(new NodeException(Kind.CONFLICT, "job.id-taken", "There is one.", "Again."));

        awaitOutcome(node.submit(program(true, "true")), JobState.COMPLETED);
    }

    @Test
    void graphThatCannotBeReadIsRefusedAndNotKept() throws Exception {
        assertThatThrownBy(() -> node.submit(Pipelines.sent(new byte[] {1, 2, 3})))
                .isInstanceOfSatisfying(
                        NodeException.class, e -> assertThat(e.code()).isEqualTo("code.unreadable"));

        assertThat(node.graphs()).isEmpty();
    }

    @Test
    void jobWhoseCodeCannotBeLoadedAfterARestartFailsAndSaysWhy() {
        JobSubmission submission =
                Pipelines.of(environment -> environment.fromRange(0, 3).collect());
        node.jobs.run(FakeRegistry.registered(new NewJob(
                "0badcafe",
                "pipeline",
                "someone",
                Optional.empty(),
                "hash",
                submission.options(),
                new Work.Pipeline(submission.code().sage(), submission.code().java(), List.of(), Optional.empty()))));

        awaitOutcome("0badcafe", JobState.FAILED);
        assertThat(node.registry.outcomes.get("0badcafe").cause()).contains("it cannot be started");
    }

    @Test
    void cancelReachesAJobThatIsNotYetWithTheEngine() {
        CompletableFuture<Done> journal = new CompletableFuture<>();
        node.registry.startsMayBeWritten = journal;

        String id = node.submit(program(true, "sleep", "1000"));
        get(node.jobs.order(id, Order.CANCEL, "not needed"));

        awaitOutcome(id, JobState.CANCELLED);
        assertThat(node.registry.outcomes.get(id).cause()).isEqualTo("not needed");
        journal.complete(Done.getInstance());
    }

    @Test
    void cancelInAnOutageEndsTheJobAtOnceAndSaysThatItIsNotWrittenDown() throws Exception {
        Path pid = home.resolve("pid");
        String id = node.submit(program(true, "sh", "-c", "echo $$ > " + pid + "; exec sleep 600"));
        await().atMost(TestJobs.SOON).until(() -> Files.exists(pid) && Files.size(pid) > 0);
        ProcessHandle process =
                ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();
        node.registry.away = true;

        JobView told = get(node.jobs.order(id, Order.CANCEL, "not needed"));

        assertThat(told.cause()).contains("not needed", "not written down yet", "The journal does not answer.");
        await().atMost(TestJobs.SOON).until(() -> !process.isAlive());
        assertThat(get(node.jobs.show(id)).job().running()).isTrue();
        assertThat(node.registry.outcome(id)).isNull();
        assertThat(node.registry.cancelled).isEmpty();

        node.registry.away = false;
        awaitOutcome(id, JobState.CANCELLED);
        assertThat(node.registry.outcomes.get(id).cause()).isEqualTo("not needed");
    }

    /** Its clean-up may take long, and a crash meanwhile must not run it again. */
    @Test
    void cancelInAnOutageIsWrittenDownWhenThatIsOverAlsoBeforeTheJobHasEnded() throws Exception {
        Path trapped = home.resolve("trapped");
        String id = node.submit(
                program(true, "sh", "-c", "trap '' TERM; touch " + trapped + "; while :; do sleep 0.1; done"));
        await().atMost(TestJobs.SOON).until(() -> Files.exists(trapped));
        node.registry.away = true;
        get(node.jobs.order(id, Order.CANCEL, "not needed"));
        node.registry.away = false;

        await().atMost(TestJobs.SOON).until(() -> node.registry.cancelled.contains(id));
        awaitOutcome(id, JobState.CANCELLED);
    }

    @Test
    void jobOfALostClientEndsAlsoInAnOutage() throws Exception {
        node.close();
        node = new TestJobs(home.resolve("other"), Map.of(), Duration.ofSeconds(1));
        node.jobs.connect(node.registry);
        Path pid = home.resolve("pid");
        String id = node.submit(program(false, "sh", "-c", "echo $$ > " + pid + "; exec sleep 600"));
        await().atMost(TestJobs.SOON).until(() -> Files.exists(pid) && Files.size(pid) > 0);
        node.registry.away = true;

        long process = Long.parseLong(Files.readString(pid).strip());
        await().atMost(TestJobs.SOON)
                .until(() ->
                        ProcessHandle.of(process).filter(ProcessHandle::isAlive).isEmpty());
        assertThat(node.registry.outcome(id)).isNull();

        node.registry.away = false;
        awaitOutcome(id, JobState.CANCELLED);
        assertThat(node.registry.outcomes.get(id).cause()).contains("no renewal for 1 s");
    }

    @Test
    void orderToAJobThatHasEndedIsRefused() {
        String id = node.submit(program(true, "true"));
        get(node.jobs.allWritten());

        for (Order order : Order.values()) {
            assertThatThrownBy(() -> get(node.jobs.order(id, order, "late")))
                    .isInstanceOfSatisfying(
                            NodeException.class, e -> assertThat(e.code()).isEqualTo("job.ended"));
        }
    }

    @Test
    void clientThatRenewsNoMoreLosesItsJob() throws Exception {
        node.close();
        node = new TestJobs(home.resolve("other"), Map.of(), Duration.ofSeconds(1));
        node.jobs.connect(node.registry);

        String attached = node.submit(program(false, "sleep", "1000"));
        String detached = node.submit(program(true, "sleep", "1000"));

        awaitOutcome(attached, JobState.CANCELLED);
        assertThat(node.registry.outcomes.get(attached).cause()).contains("no renewal for 1 s");
        assertThat(node.registry.outcome(detached)).isNull();
    }

    @Test
    void jobsThatWaitStayInTheJournalWhenTheNodeStops() throws Exception {
        node.close();
        node = new TestJobs(home.resolve("other"), Map.of("sage.job.max-running", "1"), Duration.ofSeconds(30));
        node.jobs.connect(node.registry);
        String runs = node.submit(program(true, "sleep", "1000"));
        await().atMost(TestJobs.SOON).until(() -> node.registry.started.contains(runs));
        String waits = node.submit(program(true, "sleep", "1000"));

        node.jobs.stopIntake();
        assertThatThrownBy(() -> node.submit(program(true, "true")))
                .isInstanceOfSatisfying(
                        NodeException.class, e -> assertThat(e.code()).isEqualTo("node.stopping"));
        var written = node.jobs.allWritten();
        node.engine.close();

        get(written);
        assertThat(node.registry.outcome(runs)).isEqualTo(JobState.CANCELLED);
        assertThat(node.registry.outcome(waits)).isNull();
        assertThat(node.registry.started).containsExactly(runs);
    }

    @Test
    void jobHandedOverWhileTheNodeStopsIsLeftToTheNext() {
        node.jobs.stopIntake();
        node.jobs.run(FakeRegistry.registered(new NewJob(
                "0badcafe",
                "p",
                "someone",
                Optional.empty(),
                "hash",
                program(true, "true").options(),
                new Work.Program(program(true, "true").command()))));

        get(node.jobs.allWritten());
        assertThat(node.registry.outcomes).isEmpty();
        assertThatThrownBy(() -> get(node.jobs.order("0badcafe", Order.PAUSE, "")))
                .isInstanceOfSatisfying(
                        NodeException.class, e -> assertThat(e.code()).isEqualTo("node.stopping"));
    }

    @Test
    void runBeforeTheRegistryIsConnectedWaitsForIt() throws Exception {
        node.close();
        node = new TestJobs(home.resolve("other"), Map.of(), Duration.ofSeconds(30));
        node.jobs.run(FakeRegistry.registered(new NewJob(
                "0badcafe",
                "p",
                "someone",
                Optional.empty(),
                "hash",
                program(true, "true").options(),
                new Work.Program(program(true, "true").command()))));
        node.jobs.connect(node.registry);

        awaitOutcome("0badcafe", JobState.COMPLETED);
    }

    @Test
    void changesOfAllJobsTellEachStateOnceAndTheEndOnlyWhenItIsInTheJournal() throws Exception {
        CompletableFuture<Done> journal = new CompletableFuture<>();
        node.registry.startsMayBeWritten = journal;
        BlockingQueue<JobChange> heard = node.changes();
        assertThat(heard.poll(20, TimeUnit.SECONDS)).isEqualTo(JobChange.RESET);

        String one = node.submit(program(true, "true"));
        String other = node.submit(program(true, "false"));
        journal.complete(Done.getInstance());
        List<JobChange> told = new ArrayList<>();
        while (told.stream().filter(change -> !change.job().running()).count() < 2) {
            JobChange next = heard.poll(20, TimeUnit.SECONDS);
            assertThat(next).as("after %s", told).isNotNull();
            told.add(next);
            assertThat(next.job().running() || node.registry.outcome(next.job().id()) != null)
                    .isTrue();
        }

        assertThat(states(told, one))
                .containsSequence(JobState.STARTING, JobState.RUNNING)
                .endsWith(JobState.COMPLETED);
        assertThat(states(told, other)).startsWith(JobState.QUEUED).endsWith(JobState.FAILED);
        assertThat(told).doesNotHaveDuplicates();
    }

    private static List<JobState> states(List<JobChange> changes, String id) {
        return changes.stream()
                .map(JobChange::job)
                .filter(job -> job.id().equals(id))
                .map(JobView::state)
                .toList();
    }

    @Test
    void whatARunningJobHasDoneIsToldWithItsChanges() throws Exception {
        BlockingQueue<JobChange> heard = node.changes();
        String id = node.submit(Pipelines.of(
                environment -> environment.fromRange(0, Long.MAX_VALUE).print()));
        JobChange running = awaitWork(heard, JobState.RUNNING);
        get(node.jobs.order(id, Order.CANCEL, "seen"));

        assertThat(awaitWork(heard, JobState.CANCELLED).done().records())
                .isGreaterThanOrEqualTo(running.done().records());
    }

    /** The next one in this state that has done something. */
    private static JobChange awaitWork(BlockingQueue<JobChange> heard, JobState state) throws InterruptedException {
        while (true) {
            JobChange next = heard.poll(20, TimeUnit.SECONDS);
            assertThat(next).as("a change to " + state).isNotNull();
            if (next.done() != null && next.done().records() > 0 && next.job().state() == state) {
                return next;
            }
        }
    }

    @Test
    void aCommandThatFailedIsItsOwnCause() {
        String id = node.submit(program(true, "sh", "-c", "exit 3"));

        awaitOutcome(id, JobState.FAILED);
        assertThat(node.registry.outcomes.get(id).cause())
                .startsWith("Program 'sh'")
                .contains("exit code 3")
                .doesNotContain("dev.sage");
    }

    @Test
    void streamsResumeAfterAnyNumberAndTellTheSame() throws Exception {
        String id = node.submit(program(true, "sh", "-c", "echo 1; echo 2; echo 3"));
        List<Numbered<JobEvent>> events = node.events(id, 0, true);

        for (Numbered<JobEvent> event : events) {
            assertThat(node.events(id, event.number(), true))
                    .isEqualTo(events.stream()
                            .filter(later -> later.number() > event.number())
                            .toList());
        }
        assertThat(node.events(id, 0, false)).isEqualTo(events);
    }

    @Test
    void whoResumesWhenOnlyTheHistoryHasTheJobHearsWhatThatOneHeardWhoStayed() throws Exception {
        String id = node.submit(program(true, "true"));
        List<Numbered<JobEvent>> events = node.events(id, 0, true);
        intoHistoryOnly(id);

        for (Numbered<JobEvent> event : events) {
            assertThat(numbersAndTypes(node.events(id, event.number(), true)))
                    .isEqualTo(numbersAndTypes(events.stream()
                            .filter(later -> later.number() > event.number())
                            .toList()));
        }
        assertThat(numbersAndTypes(node.events(id, 0, true))).isEqualTo(numbersAndTypes(events));
        assertThat(numbersAndTypes(node.events(id, 0, false))).isEqualTo(numbersAndTypes(events));
        assertThat(get(node.jobs.show(id)).result().state()).isEqualTo(JobState.COMPLETED);
    }

    /** As text: a cause of a failure is another object when it was read again. */
    private static List<String> numbersAndTypes(List<Numbered<JobEvent>> events) {
        return events.stream()
                .map(event -> event.number() + " " + Wire.typeOf(event.value().getClass()))
                .toList();
    }

    @Test
    void eventsThatWereNotKeptAreMissedInTheHistoryToo() throws Exception {
        node.close();
        node = new TestJobs(home.resolve("other"), Map.of("sage.job.event-history", "3"), Duration.ofSeconds(30));
        node.jobs.connect(node.registry);
        String id = node.submit(program(true, "true"));
        get(node.jobs.allWritten());
        List<Numbered<JobEvent>> live = node.events(id, 0, true);
        intoHistoryOnly(id);

        List<Numbered<JobEvent>> stored = node.events(id, 0, true);

        assertThat(live.get(0).value()).isInstanceOf(JobEvent.Missed.class);
        assertThat(stored.get(0).value()).isInstanceOf(JobEvent.Missed.class);
        assertThat(stored.get(stored.size() - 1)).isEqualTo(live.get(live.size() - 1));
    }

    /** As when so many jobs have ended after it that it left the memory. */
    private void intoHistoryOnly(String id) {
        get(node.jobs.allWritten());
        var outcome = node.registry.outcomes.get(id);
        node.registry.finished.put(
                id, new FinishedJob(get(node.jobs.show(id)).job(), outcome.resultJson(), outcome.eventsJson()));
        for (int i = 0; i <= TestJobs.ENDED_KEPT; i++) {
            node.jobs.archived(i == 0 ? id : "other-" + i);
        }
    }

    @Test
    void onlyWhatHasHappenedIsToldWithoutFollowing() throws Exception {
        String id = node.submit(program(true, "sleep", "1000"));
        await().atMost(TestJobs.SOON).until(() -> get(node.jobs.show(id)).job().state() == JobState.RUNNING);

        List<Numbered<JobEvent>> now = node.events(id, 0, false);

        assertThat(now).isNotEmpty().noneMatch(event -> event.value() instanceof JobEvent.Ended);
    }

    @Test
    void tailBeginsWithTheLastLinesOfEachOutput() throws Exception {
        String id = node.submit(program(true, "sh", "-c", "echo 1; echo 2; echo 3"));
        get(node.jobs.allWritten());

        assertThat(node.output(id, Optional.empty(), OptionalLong.of(2))).containsExactly("2", "3");
        assertThat(node.output(id, Optional.empty(), OptionalLong.of(0))).isEmpty();
    }

    @Test
    void planOfALiveJobIsTold() {
        node.registry.startsMayBeWritten = new CompletableFuture<>();
        String id = node.submit(
                Pipelines.of(environment -> environment.fromRange(0, 3).collect()));

        assertThat(get(node.jobs.plan(id))).contains("collect");
    }
}
