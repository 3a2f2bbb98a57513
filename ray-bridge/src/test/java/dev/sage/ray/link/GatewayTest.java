package dev.sage.ray.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sage.ray.TestRay;
import dev.sage.ray.cluster.RayCluster;
import dev.sage.ray.wire.ActorSpec;
import dev.sage.ray.wire.Envelope;
import dev.sage.ray.wire.JavaObjects;
import dev.sage.ray.wire.Message.CleanUp;
import dev.sage.ray.wire.Message.Cleaning;
import dev.sage.ray.wire.Reply;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real gateway in a real cluster. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class GatewayTest {
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final String SCORER = """
            import os, threading, time
            class Scorer:
                lock, inside, most = threading.Lock(), 0, 0
                def meet(self, seconds):
                    with self.lock:
                        self.inside += 1
                        self.most = max(self.most, self.inside)
                    time.sleep(seconds)
                    with self.lock:
                        self.inside -= 1
                    return self.most
                def __init__(self, base=0, marker=None):
                    self.base, self.marker = base, marker
                def echo(self, value):
                    return value
                def score(self, value):
                    return self.base + value
                def odd(self, value):
                    if value % 2:
                        raise KeyError(value)
                    return value
                def sleep(self, seconds):
                    time.sleep(seconds)
                def pid(self):
                    return os.getpid()
                def leave(self):
                    raise SystemExit(3)
                def zeros(self, count):
                    return bytes(count)
                def strange(self):
                    return {1, 2}
                def cleanup(self):
                    if self.marker:
                        open(self.marker, "w").close()
            class Plain:
                def hello(self):
                    return "hello"
            class Hung:
                def cleanup(self):
                    time.sleep(600)
            class Broken:
                def __init__(self):
                    raise RuntimeError("no model")
            """;

    @TempDir
    Path folder;

    private final BlockingQueue<String> deaths = new LinkedBlockingQueue<>();
    private Gateway gateway;
    private Path code;

    /** Called at Ray. */
    public static final class Counter {
        private final CountDownLatch never = new CountDownLatch(1);
        private int count;
        private int inside;
        private int most;

        public int add(int number) {
            return count += number;
        }

        public List<String> fail(String text) {
            throw new IllegalStateException(text);
        }

        public boolean sleep(double seconds) throws InterruptedException {
            return never.await((long) (seconds * 1_000), TimeUnit.MILLISECONDS);
        }

        public int meet(double seconds) throws InterruptedException {
            synchronized (this) {
                most = Math.max(most, ++inside);
            }
            sleep(seconds);
            synchronized (this) {
                inside--;
                return most;
            }
        }

        public int odd(int number) {
            if (number % 2 != 0) {
                throw new IllegalArgumentException("odd: " + number);
            }
            return number;
        }

        public byte[] zeros(int count) {
            return new byte[count];
        }

        public long pid() {
            return ProcessHandle.current().pid();
        }
    }

    @BeforeEach
    void start() throws Exception {
        code = Files.writeString(folder.resolve("scorer.py"), SCORER);
        gateway = Gateway.start(options(TestRay.namespace()), Clock.systemUTC(), (actor, why) -> deaths.add(actor));
    }

    private GatewayOptions options(String namespace) throws InterruptedException {
        RayCluster cluster = TestRay.cluster();
        return GatewayOptions.of(
                        cluster.installation().jars().get(0).getParent(),
                        cluster.address().toString(),
                        namespace,
                        folder.resolve("code"))
                .at(cluster.nodeIp(), cluster.environment());
    }

    @AfterEach
    void stop() {
        gateway.close();
        assertThat(ProcessHandle.of(gateway.pid()).filter(ProcessHandle::isAlive))
                .isEmpty();
    }

    @Test
    void aPythonActorIsMadeCalledCleanedUpAndKilled() throws Exception {
        Path marker = folder.resolve("cleaned");
        make(python("job_a_1_p", "Scorer").withNamed(Envelope.write(Map.of("base", 10, "marker", marker.toString()))));

        assertThat(call("job_a_1_p", "score", 5)).isEqualTo(15L);
        assertThat(call("job_a_1_p", "echo", Map.of("a", Arrays.asList(1.5, null, "ü"))))
                .isEqualTo(Map.of("a", Arrays.asList(1.5, null, "ü")));
        assertThat(names()).containsExactly("job_a_1_p");

        CleanUp result = get(gateway.cleanUpAndKill("job_a_1_p", Duration.ofSeconds(20)));
        assertThat(result.cleaning()).isEqualTo(Cleaning.DONE);
        assertThat(result.killed()).isTrue();
        assertThat(marker).exists();
        assertThat(names()).isEmpty();
        assertThat(deaths).isEmpty();
    }

    @Test
    void theNativeLibraryThatRayUnpacksIsNotLeftBehind() throws Exception {
        List<String> maps = Files.readAllLines(Path.of("/proc/" + gateway.pid() + "/maps"));

        assertThat(maps)
                .filteredOn(line -> line.contains("libcore_worker_library_java"))
                .isNotEmpty()
                .allMatch(line -> line.endsWith("(deleted)"));
    }

    @Test
    void whatTheUsersCodeDoesWrongIsTypedAndLeavesTheActorAlive() throws Exception {
        make(python("job_a_1_p", "Scorer"));

        assertThatThrownBy(() -> call("job_a_1_p", "odd", 3)).satisfies(thrown -> {
            RayCallException failed = (RayCallException) thrown;
            assertThat(failed.code()).isEqualTo("ray.user");
            assertThat(failed.failure().type()).isEqualTo("KeyError");
            assertThat(failed.failure().trace()).contains("scorer.py").doesNotContain("sage_actor");
        });
        assertThatThrownBy(() -> call("job_a_1_p", "nope")).hasMessageContaining("has no method nope. It has: base");
        assertThatThrownBy(() -> call("job_a_1_p", "strange")).hasMessageContaining("a set cannot cross from Ray");
        assertThat(call("job_a_1_p", "odd", 4)).isEqualTo(4L);
    }

    @Test
    void aBatchTellsOfEachRecordThatFailed() throws Exception {
        make(python("job_a_1_p", "Scorer"));

        Reply whole = get(gateway.callBatch("job_a_1_p", "odd", Envelope.write(List.of(2, 4)), false, LONG));
        Reply part = get(gateway.callBatch("job_a_1_p", "odd", Envelope.write(List.of(2, 3, 4)), false, LONG));

        assertThat(Envelope.read(((Reply.Value) whole).payload())).isEqualTo(List.of(2L, 4L));
        List<Reply> replies = ((Reply.Partial) part).replies();
        assertThat(Envelope.read(((Reply.Value) replies.get(2)).payload())).isEqualTo(4L);
        assertThat(((Reply.Failed) replies.get(1)).failure().describe()).isEqualTo("KeyError: 3");
    }

    @Test
    void aClassWithoutAConstructorWorksAndOneWhoseConstructorThrowsLeavesNoActor() throws Exception {
        make(python("job_a_1_plain", "Plain"));
        assertThat(call("job_a_1_plain", "hello")).isEqualTo("hello");

        assertThatThrownBy(() -> make(python("job_a_1_broken", "Broken")))
                .hasMessage("RuntimeError: no model")
                .satisfies(
                        thrown -> assertThat(((RayCallException) thrown).code()).isEqualTo("ray.start"));
        assertThatThrownBy(() -> make(python("job_a_1_none", "Nobody"))).hasMessageContaining("has no Nobody");
        await().atMost(LONG).untilAsserted(() -> assertThat(names()).containsExactly("job_a_1_plain"));
    }

    @Test
    void aJavaActorKeepsItsStateAndThrowsWhatTheUsersCodeThrew() throws Exception {
        make(ActorSpec.java("job_a_1_j", Counter.class.getName(), List.of(classes())));

        assertThat(call("job_a_1_j", "add", 2)).isEqualTo(2L);
        byte[] sum = get(gateway.call("job_a_1_j", "add(int)", JavaObjects.write(new Object[] {3}), LONG));
        assertThat(JavaObjects.read(sum, getClass().getClassLoader())).isEqualTo(5);
        assertThatThrownBy(() -> call("job_a_1_j", "fail", "why")).satisfies(thrown -> {
            Object thrownAtRay = JavaObjects.read(
                    ((RayCallException) thrown).failure().thrown(), getClass().getClassLoader());
            assertThat((Throwable) thrownAtRay)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("why");
        });
    }

    @Test
    void aKilledActorIsToldOfAtOnceAndItsCallsFail() throws Exception {
        make(python("job_a_1_p", "Scorer"));
        long pid = (Long) call("job_a_1_p", "pid");
        CompletionStage<byte[]> waiting = gateway.call("job_a_1_p", "sleep", Envelope.write(List.of(100)), LONG);

        ProcessHandle.of(pid).orElseThrow().destroyForcibly();

        assertThat(deaths.poll(60, TimeUnit.SECONDS)).isEqualTo("job_a_1_p");
        assertThatThrownBy(() -> get(waiting))
                .satisfies(
                        thrown -> assertThat(((RayCallException) thrown).code()).isEqualTo("ray.actor-died"));
    }

    @Test
    void anIdleActorThatIsKilledIsToldOfWithoutACall() throws Exception {
        make(python("job_a_1_p", "Scorer"));
        long pid = (Long) call("job_a_1_p", "pid");

        ProcessHandle.of(pid).orElseThrow().destroyForcibly();

        assertThat(deaths.poll(60, TimeUnit.SECONDS)).isEqualTo("job_a_1_p");
    }

    @Test
    void anActorThatIsBusyWithACallIsKilledAndToldToHaveNotBeenCleanedUp() throws Exception {
        make(python("job_a_1_p", "Scorer"));
        gateway.call("job_a_1_p", "sleep", Envelope.write(List.of(1000)), LONG);

        CleanUp result = get(gateway.cleanUpAndKill("job_a_1_p", Duration.ofSeconds(5)));

        assertThat(result.cleaning()).isEqualTo(Cleaning.NOT_RUN);
        assertThat(result.killed()).isTrue();
        assertThat(result.problem()).isEqualTo("cleanup not run, as it was busy with a call");
    }

    @Test
    void aCleanUpThatHangsHasFailedAndItsActorIsKilledNevertheless() throws Exception {
        make(python("job_a_1_p", "Hung"));

        CleanUp result = get(gateway.cleanUpAndKill("job_a_1_p", Duration.ofSeconds(3)));

        assertThat(result.cleaning()).isEqualTo(Cleaning.FAILED);
        assertThat(result.killed()).isTrue();
        assertThat(result.problem()).startsWith("cleanup did not end within");
    }

    @Test
    void aKilledGatewayFailsAllThatWaitAndTheNextOneTellsTheDeathsOfActorsThatOutliveIt() throws Exception {
        String namespace = TestRay.namespace();
        Gateway killed = Gateway.start(options(namespace), Clock.systemUTC(), (actor, why) -> {});
        get(killed.create(python("job_a_1_p", "Scorer"), LONG));
        get(killed.create(python("job_a_1_kept", "Scorer").outliving(), LONG));
        get(killed.create(
                ActorSpec.java("job_a_1_java", Counter.class.getName(), List.of(classes()))
                        .outliving(),
                LONG));
        get(killed.create(python("job_a_1_left", "Scorer").outliving(), LONG));
        CompletionStage<byte[]> waiting = killed.call("job_a_1_p", "sleep", Envelope.write(List.of(1000)), LONG);

        ProcessHandle.of(killed.pid()).orElseThrow().destroyForcibly();

        assertThat(get(killed.ended())).contains("exit code 137");
        assertThatThrownBy(() -> get(waiting)).hasMessageContaining("exit code 137");
        assertThatThrownBy(() -> get(killed.ping())).hasMessageContaining("is gone");
        killed.close();
        try (Gateway next = Gateway.start(options(namespace), Clock.systemUTC(), (actor, why) -> deaths.add(actor))) {
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(get(next.list()))
                            .extracting(actor -> actor.name())
                            .containsExactlyInAnyOrder("job_a_1_kept", "job_a_1_java", "job_a_1_left"));
            for (String attached : List.of("job_a_1_kept", "job_a_1_java")) {
                get(next.attach(attached, 1));
                long pid = (Long) call(next, attached, "pid");
                ProcessHandle.of(pid).orElseThrow().destroyForcibly();
                assertThat(deaths.poll(60, TimeUnit.SECONDS)).isEqualTo(attached);
            }
            assertThat(get(next.reap(List.of("job_a_1_left", "job_none"), LONG)))
                    .allSatisfy(reaped -> assertThat(reaped.problem()).isEmpty());
            assertThat(get(next.list())).isEmpty();
        }
    }

    @Test
    void actorsOfOtherNamespacesAreNeitherListedNorReaped() throws Exception {
        make(python("job_a_1_p", "Scorer"));
        try (Gateway other = Gateway.start(options(TestRay.namespace()), Clock.systemUTC(), (actor, why) -> {})) {
            assertThat(get(other.list())).isEmpty();
            get(other.reap(List.of("job_a_1_p"), LONG));
        }
        assertThat(call("job_a_1_p", "score", 1)).isEqualTo(1L);
    }

    @Test
    void aCallWhoseDeadlineHasPassedWhenItsTurnComesIsNotExecuted() throws Exception {
        make(python("job_a_1_p", "Scorer"));
        gateway.call("job_a_1_p", "sleep", Envelope.write(List.of(3)), LONG);
        CompletionStage<byte[]> late =
                gateway.call("job_a_1_p", "score", Envelope.write(List.of(1)), Duration.ofMillis(200));

        assertThatThrownBy(() -> get(late)).hasMessageContaining("did not answer within PT0.2S");
    }

    @Test
    void thousandsOfCallsAreInFlightAndAllAreAnsweredInOrder() throws Exception {
        make(python("job_a_1_p", "Scorer"));
        List<CompletionStage<byte[]>> answers = new ArrayList<>();
        for (int number = 0; number < 3_000; number++) {
            answers.add(gateway.call("job_a_1_p", "score", Envelope.write(List.of(number)), LONG));
        }
        for (int number = 0; number < 3_000; number++) {
            assertThat(Envelope.read(get(answers.get(number)))).isEqualTo((long) number);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void callsThatGoTogetherFailEachForItself(boolean inPython) throws Exception {
        make(scorer(inPython));
        List<CompletionStage<byte[]>> answers = new ArrayList<>();
        for (int number = 0; number < 300; number++) {
            answers.add(ask("odd", number, LONG));
        }
        for (int number = 0; number < 300; number++) {
            CompletionStage<byte[]> answer = answers.get(number);
            if (number % 2 == 0) {
                assertThat(Envelope.read(get(answer))).isEqualTo((long) number);
            } else {
                assertThatThrownBy(() -> get(answer))
                        .satisfies(thrown ->
                                assertThat(((RayCallException) thrown).code()).isEqualTo("ray.user"))
                        .hasMessageContaining(Integer.toString(number));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anAnswerDoesNotWaitForASlowCallThatWentWithIt(boolean inPython) throws Exception {
        make(scorer(inPython));
        ask("sleep", 0.5, LONG);
        ask("sleep", 0.5, LONG);
        List<CompletionStage<byte[]>> quick = List.of(ask("odd", 2, LONG), ask("odd", 3, LONG), ask("odd", 4, LONG));
        CompletionStage<byte[]> slow = ask("sleep", 600.0, LONG);

        assertThat(Envelope.read(get(quick.get(0)))).isEqualTo(2L);
        assertThatThrownBy(() -> get(quick.get(1))).hasMessageContaining("3");
        assertThat(Envelope.read(get(quick.get(2)))).isEqualTo(4L);
        assertThat(slow.toCompletableFuture()).isNotDone();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void largeAnswersToCallsThatWentTogetherComeThrough(boolean inPython) throws Exception {
        make(scorer(inPython));
        List<CompletionStage<byte[]>> answers = new ArrayList<>();
        for (int number = 0; number < 50; number++) {
            answers.add(ask("zeros", 3_000_000 + number, LONG));
        }
        for (int number = 0; number < 50; number++) {
            assertThat((byte[]) Envelope.read(get(answers.get(number)))).hasSize(3_000_000 + number);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aDeadlineThatPassesBehindACallThatWentTogetherWithItIsOfThatCallAlone(boolean inPython) throws Exception {
        make(scorer(inPython));
        ask("sleep", 0.2, LONG);
        ask("sleep", 0.2, LONG);
        CompletionStage<byte[]> slow = ask("sleep", 2.0, LONG);
        CompletionStage<byte[]> late = ask("odd", 2, Duration.ofSeconds(1));
        CompletionStage<byte[]> inTime = ask("odd", 4, LONG);

        assertThatThrownBy(() -> get(late)).hasMessageContaining("did not answer within PT1S");
        get(slow);
        assertThat(Envelope.read(get(inTime))).isEqualTo(4L);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anActorRunsAsManyCallsAtOnceAsItMayAndNoMore(boolean inPython) throws Exception {
        make(scorer(inPython).withConcurrency(4));
        List<CompletionStage<byte[]>> answers = new ArrayList<>();
        for (int call = 0; call < 200; call++) {
            answers.add(ask("meet", call % 10 == 0 ? 0.1 : 0.001, LONG));
        }
        List<Object> seen = new ArrayList<>();
        for (CompletionStage<byte[]> answer : answers) {
            seen.add(Envelope.read(get(answer)));
        }
        assertThat(seen)
                .allSatisfy(most -> assertThat((Long) most).isBetween(1L, 4L))
                .contains(4L);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCallDoesNotWaitForSlowOnesOfAnActorThatRunsSeveral(boolean inPython) throws Exception {
        make(scorer(inPython).withConcurrency(8));
        for (int call = 0; call < 7; call++) {
            ask("sleep", 600.0, LONG);
        }
        for (int call = 0; call < 20; call += 2) {
            CompletionStage<byte[]> large = ask("zeros", 2_000_000, LONG);
            assertThat(Envelope.read(get(ask("odd", call, LONG)))).isEqualTo((long) call);
            assertThat((byte[]) Envelope.read(get(large))).hasSize(2_000_000);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void aMethodThatEndsItsActorFailsAndLeavesNoCallWithoutAnAnswer(int concurrency) throws Exception {
        make(scorer(true).withConcurrency(concurrency));
        ask("sleep", 0.2, LONG);
        ask("sleep", 0.2, LONG);
        CompletionStage<byte[]> last = gateway.call("job_a_1_s", "leave", Envelope.write(List.of()), LONG);

        assertThatThrownBy(() -> get(last))
                .satisfies(
                        thrown -> assertThat(((RayCallException) thrown).code()).isEqualTo("ray.actor-died"));
        assertThat(deaths.poll(60, TimeUnit.SECONDS)).isEqualTo("job_a_1_s");
    }

    private ActorSpec scorer(boolean inPython) throws Exception {
        return inPython
                ? python("job_a_1_s", "Scorer")
                : ActorSpec.java("job_a_1_s", Counter.class.getName(), List.of(classes()));
    }

    private CompletionStage<byte[]> ask(String method, Object argument, Duration within) {
        return gateway.call("job_a_1_s", method, Envelope.write(List.of(argument)), within);
    }

    private ActorSpec python(String name, String type) {
        return ActorSpec.python(name, "scorer", type, List.of(code.toString()));
    }

    private void make(ActorSpec spec) throws Exception {
        get(gateway.create(spec, LONG));
    }

    private Object call(String actor, String method, Object... arguments) throws Exception {
        return call(gateway, actor, method, arguments);
    }

    private static Object call(Gateway by, String actor, String method, Object... arguments) throws Exception {
        return Envelope.read(get(by.call(actor, method, Envelope.write(Arrays.asList(arguments)), LONG)));
    }

    private List<String> names() throws Exception {
        return get(gateway.list()).stream().map(actor -> actor.name()).toList();
    }

    private static String classes() throws Exception {
        return Path.of(Counter.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .toString();
    }

    /** What came of it, or what it failed of. */
    private static <T> T get(CompletionStage<T> stage) throws Exception {
        try {
            return stage.toCompletableFuture().get(4, TimeUnit.MINUTES);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }
}
