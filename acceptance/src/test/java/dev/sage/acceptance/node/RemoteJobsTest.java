package dev.sage.acceptance.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sage.api.JobFailedException;
import dev.sage.api.JobHandle;
import dev.sage.api.JobState;
import dev.sage.api.Results;
import dev.sage.api.SageException;
import dev.sage.api.SubmitOptions;
import dev.sage.client.RemoteEnvironment;
import dev.sage.client.http.HttpTimes;
import dev.sage.client.http.NodeHttp;
import dev.sage.client.http.NodeProblemException;
import dev.sage.client.wire.CommandLine;
import dev.sage.client.wire.JobView;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Jobs of this JVM at a node that nothing happens to. */
class RemoteJobsTest {
    private static final int CLIENTS = 8;
    private static final int JOBS = 200;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private static Path folder;

    private static NodeProcess node;

    /** A user's record, which only Sage's own form of records can carry. */
    record Point(long x, String name) {}

    static final class Odd extends RuntimeException {
        Odd(String message) {
            super(message);
        }
    }

    @BeforeAll
    static void startNode() throws Exception {
        node = NodeProcess.start(folder, List.of());
    }

    @AfterAll
    static void endNode() throws Exception {
        node.close();
    }

    @Test
    void lambdasRunAtTheNodeAndRecordsThatAreNotSerializableComeBack() throws Exception {
        long here = ProcessHandle.current().pid();
        String suffix = "-of-" + here;
        try (RemoteEnvironment env = node.connect("lambdas")) {
            Results<Point> points = env.fromRange(0, 1_000)
                    .map(n -> new Point(n, n + suffix))
                    .keyBy(point -> point.x() % 7)
                    .map(point -> new Point(point.x() * 2, point.name()))
                    .parallelism(2)
                    .collect();
            Results<Long> where =
                    env.fromRange(0, 1).map(n -> ProcessHandle.current().pid()).collect();

            env.run();

            assertThat(points)
                    .containsExactlyInAnyOrderElementsOf(LongStream.range(0, 1_000)
                            .mapToObj(n -> new Point(n * 2, n + suffix))
                            .toList());
            assertThat(where).doesNotContain(here).hasSize(1);
        }
    }

    @Test
    void printedLinesReachTheOutputOfThisProgramInTheirOrder() throws Exception {
        PrintStream own = System.out;
        ByteArrayOutputStream shown = new ByteArrayOutputStream();
        System.setOut(new PrintStream(shown, true, StandardCharsets.UTF_8));
        try (RemoteEnvironment env = node.connect("print")) {
            env.fromRange(0, 2_000).print("n=");
            env.run();
        } finally {
            System.setOut(own);
        }
        assertThat(shown.toString(StandardCharsets.UTF_8).lines())
                .containsExactlyElementsOf(
                        LongStream.range(0, 2_000).mapToObj(n -> "n=" + n).toList());
    }

    @Test
    void functionThatFailsGivesTheUsersOwnExceptionAsTheCause() throws Exception {
        try (RemoteEnvironment env = node.connect("failing")) {
            env.fromRange(0, 10)
                    .map(n -> {
                        if (n == 7) {
                            throw new Odd("seven");
                        }
                        return n;
                    })
                    .collect();
            assertThatThrownBy(env::run)
                    .isInstanceOf(JobFailedException.class)
                    .hasMessageContaining("operator 'map'")
                    .hasMessageContaining("record 7")
                    .cause()
                    .isExactlyInstanceOf(Odd.class)
                    .hasMessage("seven");
        }
    }

    @Test
    void recordsAreHereWhenAJobIsIdle() throws Exception {
        try (RemoteEnvironment env = node.connect("idle")) {
            Results<Long> numbers = env.fromRange(0, 100).collect();
            JobHandle job = env.submit();
            job.awaitIdle();
            assertThat(numbers).hasSize(100);
            job.stop();
            assertThat(job.awaitClean(Jvm.BOUND).state()).isEqualTo(JobState.STOPPED);
        }
    }

    @Test
    void outputOfAProgramAtTheNodeIsAFileHereAsLongAsTheEnvironment() throws Exception {
        String lines = IntStream.rangeClosed(1, 20_000).mapToObj(n -> n + "\n").collect(Collectors.joining());
        Path copy;
        try (RemoteEnvironment env = node.connect("output")) {
            env.command("seq", "20000");
            JobHandle job = env.submit(SubmitOptions.autostop());
            job.awaitClean(Jvm.BOUND);
            copy = job.outputFile("command");
            assertThat(copy).hasContent(lines);
            assertThat(copy.startsWith(node.home())).isFalse();
        }
        assertThat(copy).doesNotExist();
    }

    @Test
    void detachedJobOutlivesItsEnvironmentAndIsFoundByItsIdAfterItsEnd() throws Exception {
        NodeRequests requests = node.requests();
        String id;
        try (RemoteEnvironment env = node.connect("detached")) {
            env.fromRange(0, 10).collect();
            id = env.submit(SubmitOptions.keepRunning().detached()).id();
        }
        requests.awaitState(id, JobState.IDLE);
        requests.order(id, "stop");
        requests.awaitEnd(id);
        requests.assertEnded(id, JobState.STOPPED);
        assertThat(requests.show(id.substring(0, 7)).result())
                .isNotNull()
                .satisfies(result -> assertThat(result.state()).isEqualTo(JobState.STOPPED));
    }

    @Test
    void attachedJobEndsWithItsEnvironment() throws Exception {
        String id;
        try (RemoteEnvironment env = node.connect("attached")) {
            env.fromRange(0, 10).collect();
            id = env.submit().id();
        }
        // The close has waited for it.
        node.requests().assertEnded(id, JobState.CANCELLED);
    }

    @Test
    void wrongTokenIsRefused() {
        NodeHttp stranger = new NodeHttp(node.address(), Optional.of("wrong"), HttpTimes.DEFAULT);
        assertThatThrownBy(() -> stranger.getJson("/v1/jobs"))
                .isInstanceOfSatisfying(
                        NodeProblemException.class,
                        problem -> assertThat(problem.status()).isEqualTo(401));
        assertThatThrownBy(() -> RemoteEnvironment.connect(
                        "stranger",
                        "127.0.0.1",
                        node.address().port(),
                        node.options().token("wrong")))
                .isInstanceOfSatisfying(
                        SageException.class,
                        refused -> assertThat(refused.code()).isEqualTo("token.invalid"));
    }

    @Test
    void sameKeyTwiceIsOneJob() throws Exception {
        SubmitOptions options = SubmitOptions.autostop().idempotencyKey("once-only");
        try (RemoteEnvironment first = node.connect("keyed");
                RemoteEnvironment second = node.connect("keyed")) {
            first.fromRange(0, 10).collect();
            second.fromRange(0, 10).collect();
            JobHandle one = first.submit(options);
            one.awaitClean(Jvm.BOUND);
            JobHandle again = second.submit(options);
            assertThat(again.id()).isEqualTo(one.id());
            assertThat(again.awaitClean(Jvm.BOUND).state()).isEqualTo(JobState.COMPLETED);
        }
        assertThat(node.requests().jobs())
                .filteredOn(job -> "once-only".equals(job.key()))
                .hasSize(1);
    }

    @Test
    void manyJobsOfManyClientsAllComplete() throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        Set<String> ids = new TreeSet<>();
        try {
            List<Future<List<String>>> submitted = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                String name = "many-" + client;
                submitted.add(clients.submit(() -> submitMany(name)));
            }
            for (Future<List<String>> some : submitted) {
                ids.addAll(some.get(Jvm.BOUND.toSeconds(), TimeUnit.SECONDS));
            }
        } finally {
            clients.shutdownNow();
        }
        NodeRequests requests = node.requests();
        assertThat(ids)
                .hasSize(JOBS)
                .allSatisfy(id -> assertThat(requests.awaitEnd(id).state()).isEqualTo(JobState.COMPLETED));
        assertThat(requests.jobs())
                .extracting(JobView::id)
                .doesNotHaveDuplicates()
                .containsAll(ids);
        assertThat(requests.ledger()).isEmpty();
    }

    private static List<String> submitMany(String name) throws Exception {
        NodeRequests requests = node.requests();
        CommandLine nothing = new CommandLine(List.of("true"), null, null, 0, 0);
        return IntStream.range(0, JOBS / CLIENTS)
                .mapToObj(n -> requests.submit(name, SubmitOptions.autostop().detached(), nothing, name + "/" + n)
                        .id())
                .toList();
    }
}
