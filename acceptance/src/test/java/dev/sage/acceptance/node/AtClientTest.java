package dev.sage.acceptance.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.acceptance.kill.Marked;
import dev.sage.api.JobState;
import dev.sage.client.wire.JobView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Programs that run beside the client of a job at a node: they end with the job, with the client, and with the node. */
@EnabledOnOs(OS.LINUX)
class AtClientTest {
    private static final Duration GONE_WITHIN = Duration.ofSeconds(20);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    private final String mark = UUID.randomUUID().toString();
    private NodeProcess node;

    @BeforeEach
    void startNode() throws Exception {
        node = NodeProcess.start(
                Files.createDirectory(folder.resolve("node")), List.of("sage.node.lease.time-to-live=3s"));
    }

    @AfterEach
    void endAll() throws Exception {
        if (node != null) {
            node.close();
        }
        for (Marked left : Marked.of(mark)) {
            left.kill();
        }
    }

    @Test
    void functionsAtTheNodeCallTheProgramOfTheClientWhichEndsWithTheJob() throws Exception {
        try (Jvm client = client("ending", "python3", judge(), "--port", "{port}")) {
            assertThat(client.awaitExit(Jvm.BOUND)).as(client::toString).isZero();

            assertThat(client.said())
                    .as(client::toString)
                    .contains(BesideProgram.SCORED + 1, BesideProgram.SCORED + 2, BesideProgram.ENDED + "COMPLETED")
                    .contains(BesideProgram.LEFT + 0, BesideProgram.OUTPUT + "ready|scored a|scored bc|")
                    .anySatisfy(line -> assertThat(line)
                            .startsWith("line process judge (at the client)")
                            .contains("released"));
            assertNothingIsLeft();
        }
    }

    @Test
    void programThatDiesFailsTheJobWithItsExitCodeAndItsLastLines() throws Exception {
        Path end = folder.resolve("end");
        String script = "python3 $0 --port $1 & while ! [ -e $2 ]; do sleep 0.1; done; echo no license; exit 3";
        try (Jvm client = client("lasting", "sh", "-c", script, judge(), "{port}", end.toString())) {
            String id = submitted(client);
            client.awaitLine(BesideProgram.BESIDE);
            Files.createFile(end);
            assertThat(client.awaitExit(Jvm.BOUND)).isZero();

            assertThat(String.join("\n", client.said()))
                    .contains(BesideProgram.ENDED + "job.failed")
                    .containsPattern("service 'judge', .*exit code 3")
                    .contains("no license");
            node.requests().assertEnded(id, JobState.FAILED);
            assertNothingIsLeft();
        }
    }

    @Test
    void programThatDoesNotStartIsToldBeforeAnythingIsSubmitted() throws Exception {
        try (Jvm client = client("lasting", "sh", "-c", "echo no license; exit 7")) {
            assertThat(client.awaitExit(Jvm.BOUND)).isZero();

            assertThat(client.said())
                    .as(client::toString)
                    .anySatisfy(line -> assertThat(line)
                            .startsWith(BesideProgram.ENDED + "service.failed")
                            .contains("judge")
                            .contains("exit code 7"));
            assertThat(node.requests().jobs()).isEmpty();
            assertNothingIsLeft();
        }
    }

    @Test
    void programThatTheNodeCannotReachFailsTheJobWithTheAddressAndTheWayOut() throws Exception {
        try (Jvm client = client("lasting", "sh", "-c", "echo ready; exec sleep 600")) {
            assertThat(client.awaitExit(Jvm.BOUND)).isZero();

            assertThat(client.said())
                    .as(client::toString)
                    .anySatisfy(line -> assertThat(line)
                            .startsWith(BesideProgram.ENDED + "job.failed")
                            .contains("at http://127.0.0.1:")
                            .contains("cannot be reached there from this node"));
            assertNothingIsLeft();
        }
    }

    @Test
    void terminatedClientCancelsTheJobThenEndsTheProgramAndTellsBoth() throws Exception {
        try (Jvm client = client("lasting", "python3", judge(), "--port", "{port}")) {
            String id = submitted(client);
            client.awaitLine(BesideProgram.BESIDE);
            client.signal("TERM");

            assertThat(client.awaitExit(Jvm.BOUND)).as(client::toString).isEqualTo(NodeProcess.TERMINATED);
            assertThat(client.said())
                    .as(client::toString)
                    .anySatisfy(line -> assertThat(line).contains(id).contains("process judge (at the client)"))
                    .anySatisfy(line -> assertThat(line).contains(id).contains("CANCELLED, clean"));
            node.requests().assertEnded(id, JobState.CANCELLED);
            assertNothingIsLeft();
        }
    }

    @Test
    void programOfAClientThatIsKilledIsGoneAndItsJobEnds() throws Exception {
        try (Jvm client = client("lasting", "python3", judge(), "--port", "{port}")) {
            String id = submitted(client);
            client.awaitLine(BesideProgram.BESIDE);
            client.signal("KILL");

            assertNothingIsLeft();
            JobView job = node.requests().awaitEnd(id);
            assertThat(job.state()).isEqualTo(JobState.CANCELLED);
            assertThat(job.cause()).contains("its client was lost");
        }
    }

    @Test
    void programEndsWhenTheNodeIsLostForGood() throws Exception {
        try (Jvm client = client("lasting", "python3", judge(), "--port", "{port}")) {
            submitted(client);
            String pid = client.awaitLine(BesideProgram.BESIDE).substring(BesideProgram.BESIDE.length());
            ProcessHandle program = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
            node.kill();

            assertThat(client.awaitExit(Jvm.BOUND)).as(client::toString).isZero();
            assertThat(client.said())
                    .as(client::toString)
                    .contains(BesideProgram.LEFT + 0)
                    .anySatisfy(line -> assertThat(line).startsWith(BesideProgram.ENDED + "node.unreachable"));
            assertThat(program.isAlive()).isFalse();
            assertNothingIsLeft();
            node.restart();
        }
    }

    private static String submitted(Jvm client) {
        return client.awaitLine(BesideProgram.SUBMITTED).substring(BesideProgram.SUBMITTED.length());
    }

    /** With a state folder of its own, as on another machine. */
    private Jvm client(String how, String... command) throws IOException {
        List<String> arguments =
                new ArrayList<>(List.of(Integer.toString(node.address().port()), node.token(), how));
        arguments.addAll(List.of(command));
        return Jvm.start(
                mark,
                folder.resolve("client"),
                List.of(
                        "-Dlogback.configurationFile=node/client-logback.xml",
                        "-Dsage.locks-folder=" + folder.resolve("client-locks")),
                BesideProgram.class,
                arguments);
    }

    private static String judge() {
        return Path.of("src/test/resources/processes/judge.py").toAbsolutePath().toString();
    }

    /** Neither the program, nor what it started, nor its guardian. */
    private void assertNothingIsLeft() {
        Awaitility.await("nothing is left of the client")
                .atMost(GONE_WITHIN)
                .untilAsserted(() -> assertThat(Marked.of(mark)).isEmpty());
    }
}
