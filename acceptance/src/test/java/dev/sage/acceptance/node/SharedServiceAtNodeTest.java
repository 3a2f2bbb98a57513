package dev.sage.acceptance.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sage.api.JobFailedException;
import dev.sage.api.JobHandle;
import dev.sage.api.JobState;
import dev.sage.api.KeptService;
import dev.sage.api.Next;
import dev.sage.api.ProcessEndpoint;
import dev.sage.api.ProcessService;
import dev.sage.api.Results;
import dev.sage.api.Service;
import dev.sage.api.ServiceContext;
import dev.sage.api.ServiceDeclaration;
import dev.sage.api.ServiceException;
import dev.sage.api.SubmitOptions;
import dev.sage.client.RemoteEnvironment;
import dev.sage.client.wire.JobView;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Services of a client's environment at a node: one instance for all jobs, for as long as the environment. */
@EnabledOnOs(OS.LINUX)
class SharedServiceAtNodeTest {
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private static Path folder;

    private static NodeProcess node;

    /** What only Sage's own form of records can carry, in both directions. */
    record Word(String text, long times) {}

    /** What only the two jobs and the client know. */
    static final class Unheard extends Exception {
        Unheard(String message) {
            super(message);
        }
    }

    /** A bean, as JSON is read into. */
    static final class Scored {
        public int score;
    }

    interface Count {
        Word count(Word word) throws Unheard;

        long pid();
    }

    static final class Counter implements Service, Count {
        private final List<Word> counted = new ArrayList<>();

        @Override
        public Word count(Word word) throws Unheard {
            if (word.text().isEmpty()) {
                throw new Unheard("nothing said");
            }
            counted.add(word);
            return new Word(word.text(), counted.size());
        }

        @Override
        public long pid() {
            return ProcessHandle.current().pid();
        }
    }

    /** Dies when it is told to. */
    static final class Mortal implements Service {
        private ServiceContext context;

        @Override
        public void init(ServiceContext given) {
            context = given;
        }

        public void die() {
            context.failed(new IOException("it died"));
        }
    }

    @BeforeAll
    static void startNode() throws Exception {
        node = NodeProcess.start(folder, List.of("sage.node.lease.time-to-live=3s"));
    }

    @AfterAll
    static void endNode() throws Exception {
        node.close();
    }

    @Test
    void oneInstanceServesAllJobsAndTheClientUntilItIsEndedByName() throws Exception {
        try (RemoteEnvironment env = node.connect("counting")) {
            ServiceDeclaration<Counter> counter = env.sharedService("counter", Counter::new);
            Count count = counter.as(Count.class);
            for (int job = 0; job < 2; job++) {
                Results<Word> words = env.fromCollection(List.of("a", "b"))
                        .map(text -> count.count(new Word(text, 0)))
                        .collect();
                env.run();
                assertThat(words).containsExactly(new Word("a", 1 + 2 * job), new Word("b", 2 + 2 * job));
            }
            assertThat(counter.call("count", new Word("c", 0))).isEqualTo(new Word("c", 5));
            assertThat(count.pid()).isNotEqualTo(ProcessHandle.current().pid());

            KeptService kept = env.keptServices().get(0);
            assertThat(kept.name()).isEqualTo("counter");
            assertThat(kept.as(Count.class).count(new Word("d", 0)).times()).isEqualTo(6);
            assertThat(kept.end().clean()).isTrue();
            assertThat(kept.end().lines()).isEmpty();
            assertThat(env.keptServices()).isEmpty();
            assertCode("service.unavailable", () -> count.count(new Word("e", 0)));
            env.fromRange(0, 1).map(n -> count.count(new Word("f", 0))).collect();
            assertThat(catchThrowableOfType(JobFailedException.class, env::run).getCause())
                    .isInstanceOfSatisfying(
                            ServiceException.class, e -> assertThat(e.code()).isEqualTo("service.unavailable"));
        }
    }

    @Test
    void whatItThrowsIsWhatItsCallersCatch() throws Exception {
        try (RemoteEnvironment env = node.connect("throwing")) {
            Count count = env.sharedService("counter", Counter::new).as(Count.class);
            Results<String> caught = env.fromRange(0, 1)
                    .map(n -> {
                        try {
                            return count.count(new Word("", 0)).text();
                        } catch (Unheard e) {
                            return "caught " + e.getMessage();
                        }
                    })
                    .collect();
            env.run();
            assertThat(caught).containsExactly("caught nothing said");
            assertThatThrownBy(() -> count.count(new Word("", 0))).isInstanceOf(Unheard.class);
        }
    }

    @Test
    void failingStartAndDeathFailTheJobsThatCallItWithTheirCauseAndNoOthers() throws Exception {
        try (RemoteEnvironment env = node.connect("failing")) {
            ServiceDeclaration<Counter> failing = env.sharedService("failing", () -> {
                throw new IOException("no license");
            });
            env.fromRange(0, 1).map(n -> failing.call("pid")).collect();
            JobHandle uses = env.submit(SubmitOptions.autostop());
            ServiceDeclaration<Mortal> mortal = env.sharedService("mortal", Mortal::new);
            env.fromRange(0, 2)
                    .flatMap(n -> {
                        mortal.call("die");
                        return List.of(n);
                    })
                    .collect();
            JobHandle other = env.submit(SubmitOptions.autostop());

            assertFailed(uses, "no license");
            assertThatThrownBy(() -> failing.call("pid"))
                    .isInstanceOfSatisfying(
                            ServiceException.class, e -> assertThat(e.code()).isEqualTo("service.failed"))
                    .hasRootCauseMessage("no license");
            assertFailed(other, "it died");
        }
    }

    private static void assertFailed(JobHandle job, String why) throws IOException {
        JobFailedException failed = catchThrowableOfType(JobFailedException.class, () -> job.awaitClean(Jvm.BOUND));
        assertThat(failed.getCause())
                .as("%s", failed.result())
                .isInstanceOfSatisfying(
                        ServiceException.class, e -> assertThat(e.code()).isEqualTo("service.failed"))
                .hasRootCauseMessage(why);
        node.requests().assertEnded(job.id(), JobState.FAILED);
    }

    @Test
    void sharedProcessAnswersJobsAsBeansAndEndsWithItsEnvironment() throws Exception {
        Path judge = Path.of(
                SharedServiceAtNodeTest.class.getResource("/processes/judge.py").toURI());
        ProcessService program = ProcessService.command("python3", judge.toString(), "--port", "{port}")
                .readyOn("/health")
                .gpus(1);
        try (RemoteEnvironment env = node.connect("judging")) {
            ProcessEndpoint http = env.sharedService("judge", program).as(ProcessEndpoint.class);
            Results<Integer> scores = env.fromCollection(List.of("a", "bc"))
                    .map(text -> http.post("/score", new Word(text, 1), Scored.class).score)
                    .collect();
            env.run();
            assertThat(scores).containsExactly(1, 2);
            assertThat(ProcessHandle.of(http.pid())).isPresent();
            assertThat(http.get("/", String.class)).contains("healthy");
            assertThat(node.requests().ledger()).isNotEmpty();
        }
        // The close has waited for it.
        assertThat(node.requests().ledger()).isEmpty();
        assertThat(endedOf("judging/judge").clean()).isTrue();
    }

    @Test
    void closeEndsItAfterTheJobsThatCallIt() throws Exception {
        String id;
        try (RemoteEnvironment env = node.connect("closing")) {
            Count count = env.sharedService("counter", Counter::new).as(Count.class);
            env.fromSource(() -> Next.of(1L))
                    .map(n -> count.count(new Word("again", n)))
                    .sink(word -> {});
            JobHandle job = env.submit();
            id = job.id();
            node.requests().awaitState(id, JobState.RUNNING);
        }
        node.requests().assertEnded(id, JobState.CANCELLED);
        assertThat(endedOf("closing/counter").state()).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void sharedServiceOfAClientThatIsKilledEndsWithItsLease() throws Exception {
        try (Jvm client = Jvm.startClient(node, SharedProgram.class)) {
            client.awaitLine(SharedProgram.SUBMITTED);
            String pid = client.awaitLine(SharedProgram.CALLED).substring(SharedProgram.CALLED.length());
            ProcessHandle model = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
            client.signal("KILL");

            JobView shared = node.requests().awaitEnd(jobOf("sharing/model").id());
            assertThat(shared.cause()).contains("its client was lost");
            node.requests().assertEnded(shared.id(), JobState.CANCELLED);
            node.requests().awaitEnd(jobOf("sharing").id());
            assertThat(model.isAlive()).isFalse();
            assertThat(node.requests().ledger()).isEmpty();
        }
    }

    private static JobView jobOf(String name) throws IOException {
        return node.requests().jobs().stream()
                .filter(job -> job.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("There is no job " + name + "."));
    }

    private static JobView endedOf(String name) throws IOException {
        JobView job = jobOf(name);
        assertThat(job.running()).as("%s", job).isFalse();
        return job;
    }

    private static void assertCode(String code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThat(catchThrowableOfType(ServiceException.class, call).code()).isEqualTo(code);
    }
}
