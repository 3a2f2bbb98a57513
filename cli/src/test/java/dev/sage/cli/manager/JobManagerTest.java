package dev.sage.cli.manager;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.cli.CommandRun;
import dev.sage.cli.Exit;
import dev.sage.cli.remote.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** With a stand-in for the node, in processes of its own. */
@EnabledOnOs(OS.LINUX)
class JobManagerTest {
    private static final Launcher LAUNCHER =
            Launcher.java(System.getProperty("java.class.path"), StandInNode.class.getName());

    @TempDir
    private Path home;

    private CommandRun run;

    @BeforeEach
    void prepare() {
        run = new CommandRun().set("SAGE_HOME", home.toString()).set("PATH", System.getenv("PATH"));
    }

    @AfterEach
    void endNode() throws Exception {
        Optional<ProcessHandle> left = node().flatMap(NodeRecord::process);
        if (left.isPresent()) {
            left.get().destroyForcibly();
            left.get().onExit().get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void aNodeIsStartedToldOfAndStopped() {
        assertThat(start("--port", "19007", "--gpus", "0-3", "--port-range", "38000-38050"))
                .isZero();
        assertThat(run.out())
                .contains(
                        "Sage node ready at http://127.0.0.1:",
                        home.resolve("node/node.log").toString(),
                        "sage jobmanager stop");
        assertThat(home.resolve("arguments")).hasContent("--port 19007 --gpus 0-3 --port-range 38000-38050");

        assertThat(run.sage("jobmanager", "status")).isZero();
        assertThat(run.out()).contains("A node runs at http://127.0.0.1:", "Jobs: 2 QUEUED, 1 RUNNING.");
        assertThat(run.sage("jobmanager", "status", "--json")).isZero();
        assertThat(run.out())
                .contains(
                        "{\"running\":true,\"answers\":true,\"jobs\":{\"QUEUED\":2,\"RUNNING\":1},\"node\":{\"pid\":");

        assertThat(run.sage("jobmanager", "stop")).isZero();
        assertThat(run.out())
                .contains(
                        "Being ended and cleaned up: job 0a words, RUNNING",
                        "  0a  process words [stop-processes] released",
                        "  0a  CANCELLED: its node was stopped",
                        "has ended, in ");
        assertThat(node().flatMap(NodeRecord::process)).isEmpty();

        assertThat(run.sage("jobmanager", "status")).isEqualTo(Exit.NO_NODE);
        assertThat(run.sage("jobmanager", "stop")).isZero();
        assertThat(run.err()).contains("no node runs");
    }

    @Test
    void asJsonTheStandardOutputHasNothingElse() throws Exception {
        assertThat(start("--json")).isZero();
        long first = node().orElseThrow().pid();
        assertThat(lastLine().isTrue("answers")).isTrue();
        assertThat(lastLine().at("node").number("pid")).isEqualTo(first);

        assertThat(execute(new Restart(run.context(), LAUNCHER), "--json")).isZero();
        long second = node().orElseThrow().pid();
        assertThat(lastLine().at("node").number("pid")).isEqualTo(second).isNotEqualTo(first);

        assertThat(run.sage("jobmanager", "stop", "--json")).isZero();
        assertThat(lastLine().isTrue("ended")).isTrue();
        assertThat(lastLine().at("node").number("pid")).isEqualTo(second);
        assertThat(run.sage("jobmanager", "stop", "--json")).isZero();
        assertThat(lastLine()).hasToString("{\"ended\":false}");
        assertThat(run.sage("jobmanager", "status", "--json")).isEqualTo(Exit.NO_NODE);
        assertThat(lastLine()).hasToString("{\"running\":false}");
        assertThat(run.out()).hasLineCount(5);
        assertThat(run.err()).contains("Sage node ready at", "has ended, in ");
    }

    private Json lastLine() throws IOException {
        return Json.parse(run.out().lines().reduce((before, last) -> last).orElseThrow());
    }

    @Test
    void aNodeThatRunsAndDoesNotAnswerIsAFailure() throws Exception {
        Files.createDirectory(home.resolve("node"));
        long silent = new ProcessBuilder("sleep", "60").start().pid();
        Files.writeString(
                home.resolve("node/node.json"),
                "{\"pid\":" + silent + ",\"startTicks\":"
                        + NodeRecord.startTicks(silent).orElseThrow() + ",\"host\":\"127.0.0.1\",\"port\":1}");

        assertThat(run.sage("jobmanager", "status")).isEqualTo(Exit.FAILURE);
        assertThat(run.err()).contains("it does not answer: ");
        assertThat(run.sage("jobmanager", "status", "--json")).isEqualTo(Exit.FAILURE);
        assertThat(lastLine().isTrue("running")).isTrue();
        assertThat(lastLine().isTrue("answers")).isFalse();
        assertThat(lastLine().text("problem")).contains("127.0.0.1:1");
    }

    @Test
    void theNodeIsInASessionOfItsOwn() throws Exception {
        assertThat(start()).isZero();

        String stat = Files.readString(Path.of("/proc/" + node().orElseThrow().pid() + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", 6);
        assertThat(fields[3])
                .as("its session")
                .isEqualTo(String.valueOf(node().orElseThrow().pid()));
    }

    @Test
    void aSecondStartSaysWhereTheFirstRuns() {
        assertThat(start()).isZero();
        assertThat(start()).isEqualTo(Exit.FAILURE);
        assertThat(run.err())
                .contains(
                        "A node runs already at http://127.0.0.1:",
                        "pid " + node().orElseThrow().pid())
                .hasLineCount(1);
    }

    @Test
    void afterAKillTheNextStartGoesOn() throws Exception {
        assertThat(start()).isZero();
        ProcessHandle first = node().orElseThrow().process().orElseThrow();
        first.destroyForcibly();
        first.onExit().get(10, TimeUnit.SECONDS);

        assertThat(run.sage("jobmanager", "status")).isEqualTo(Exit.NO_NODE);
        assertThat(run.out()).contains("Pid " + first.pid() + " of node.json has ended without saying so.");
        assertThat(start()).isZero();
        assertThat(run.err()).contains("the last node, pid " + first.pid() + ", ended without saying so");
    }

    @Test
    void aProcessThatOnlyHasTheNumberOfTheNodeIsLeftAlone() throws Exception {
        Process other = new ProcessBuilder("sleep", "60").start();
        try {
            Files.createDirectory(home.resolve("node"));
            long ticks = NodeRecord.startTicks(other.pid()).orElseThrow();
            Files.writeString(
                    home.resolve("node/node.json"),
                    "{\"pid\":" + other.pid() + ",\"startTicks\":" + (ticks - 1)
                            + ",\"host\":\"127.0.0.1\",\"port\":1}");

            assertThat(run.sage("jobmanager", "stop")).isZero();
            assertThat(run.sage("jobmanager", "status")).isEqualTo(Exit.NO_NODE);
            assertThat(other.isAlive()).isTrue();
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    void aNodeJsonThatIsCutOffCountsAsNone() throws Exception {
        Files.createDirectory(home.resolve("node"));
        Files.writeString(home.resolve("node/node.json"), "{\"pid\":12");

        assertThat(run.sage("jobmanager", "status")).isEqualTo(Exit.NO_NODE);
        assertThat(start()).isZero();
    }

    @Test
    void whyANodeDidNotStartIsItsOwnLineAndCode() {
        assertThat(start("--port", "9")).isEqualTo(Exit.FAILURE);
        assertThat(run.err().lines())
                .containsExactly(
                        "sage: port 9 of 127.0.0.1 is taken by another program. Give another one with --port.");

        prepare();
        assertThat(start("-Dsage.jobs.max-runing=8")).isEqualTo(Exit.USAGE);
        assertThat(run.err().lines())
                .containsExactly(
                        "sage: there is no setting 'sage.jobs.max-runing'. Did you mean 'sage.jobs.max-running'?");
    }

    @Test
    void whatIsWrongWithOptionsIsToldWithoutANode() {
        assertThat(start("--port", "70000")).isEqualTo(Exit.USAGE);
        assertThat(start("--gpus", "first")).isEqualTo(Exit.USAGE);
        assertThat(start("--port-range", "38050-38000")).isEqualTo(Exit.USAGE);
        assertThat(start("--prot", "1")).isEqualTo(Exit.USAGE);
        assertThat(run.err()).contains("must be from 1 to 65535", "--gpus is 'first'", "must be FROM-TO", "--port");
        assertThat(home.resolve("node")).doesNotExist();
    }

    @Test
    void aHomeThatCannotBeMadeIsSaid() throws Exception {
        Path file = Files.writeString(home.resolve("file"), "");
        run.set("SAGE_HOME", file.resolve("home").toString());

        assertThat(start()).isEqualTo(Exit.FAILURE);
        assertThat(run.err()).contains(file + "/home/node", "Set SAGE_HOME").hasLineCount(1);
    }

    @Test
    void aNodeThatDoesNotHearIsSentASignal() {
        assertThat(start("-Dtest.deaf=true")).isZero();

        assertThat(run.sage("jobmanager", "stop", "--timeout", "10")).isZero();
        assertThat(run.err()).contains("Sending SIGTERM to pid");
        assertThat(node().flatMap(NodeRecord::process)).isEmpty();
    }

    @Test
    void aRestartHasTheOptionsOfTheLastStart() {
        assertThat(start("--gpus", "1", "-Dtest.kept=true")).isZero();
        long first = node().orElseThrow().pid();

        assertThat(execute(new Restart(run.context(), LAUNCHER))).isZero();
        assertThat(home.resolve("arguments")).hasContent("--gpus 1");
        assertThat(node().orElseThrow().pid()).isNotEqualTo(first);
    }

    @Test
    void aNodeThatSomethingElseStartedIsNotRestarted() throws Exception {
        assertThat(start()).isZero();
        Files.delete(home.resolve("node/start.json"));

        assertThat(execute(new Restart(run.context(), LAUNCHER))).isEqualTo(Exit.FAILURE);
        assertThat(run.err()).contains("was not started by \"sage jobmanager start\"");
        assertThat(node().flatMap(NodeRecord::process)).isPresent();
    }

    @Test
    void theFolderOfTheNodeIsItsOwnersAlone() throws Exception {
        assertThat(start()).isZero();

        assertThat(Files.getPosixFilePermissions(home.resolve("node")))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    }

    private int start(String... options) {
        return execute(new Start(run.context(), LAUNCHER), options);
    }

    private int execute(Object command, String... options) {
        return run.execute(new CommandLine(command), options);
    }

    private Optional<NodeRecord> node() {
        return new NodeFolder(home.resolve("node")).record();
    }
}
