package dev.sage.cli.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.cli.CommandRun;
import dev.sage.cli.Exit;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that are not about one job, and where all of them look for node and token. */
class NodeCommandsTest {
    private static final String NODES =
            "[{\"instance\":\"i1\",\"sage\":\"0.1.0\",\"java\":17,\"pid\":42,\"host\":\"127.0.0.1\",\"port\":19001,"
                    + "\"startedAt\":\"2026-01-01T00:00:00Z\",\"home\":\"/h\"}]";

    @TempDir
    private Path home;

    private FakeNode node;
    private CommandRun run;

    @BeforeEach
    void start() throws Exception {
        node = new FakeNode();
        run = new CommandRun()
                .set("SAGE_HOME", home.toString())
                .set("SAGE_NODE", node.address())
                .set("SAGE_TOKEN", FakeNode.TOKEN);
        node.json("GET /v1/nodes", NODES);
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void nodesAreListed() {
        assertThat(run.at("2026-01-02T03:00:00Z").sage("node", "list")).isZero();
        assertThat(run.out()).containsPattern("i1 +127.0.0.1:19001 +42 +1d03h +0.1.0 +17 +/h");
        assertThat(run.sage("node", "list", "--json")).isZero();
        assertThat(run.out()).contains(NODES);
    }

    @Test
    void gpusAreListedWithThoseWhoWait() {
        String resources = "{\"gpus\":[{\"id\":0,\"job\":\"0a\",\"drained\":true}],\"ports\":[],\"waiting\":["
                + "{\"job\":\"0b\",\"name\":\"n\",\"owner\":\"me\",\"reason\":\"GPUs\"}]}";
        node.json("GET /v1/resources", resources);

        assertThat(run.sage("gpu", "list")).isZero();
        assertThat(run.out()).contains("  0  job 0a, drained", "job 0b n of me waits: GPUs");
        assertThat(run.sage("gpu", "list", "--json")).isZero();
        assertThat(run.out()).contains(resources);
    }

    @Test
    void gpusAreDrainedOneByOne() {
        node.json("POST /v1/resources/gpus/1/drain", "{}").json("POST /v1/resources/gpus/2/drain", "{}");
        node.json("POST /v1/resources/gpus/1/undrain", "{}");

        assertThat(run.sage("gpu", "drain", "1", "2")).isZero();
        assertThat(run.sage("gpu", "undrain", "1", "--json")).isZero();
        assertThat(run.out().lines()).containsExactly("GPU 1: drained", "GPU 2: drained", "{}");
        assertThat(run.sage("gpu", "drain", "one")).isEqualTo(Exit.USAGE);
    }

    @Test
    void servicesAreListedAndEnded() {
        node.json("GET /v1/services", "[{\"name\":\"0a/index\"}]")
                .json(
                        "DELETE /v1/services/0a/index",
                        "{\"lines\":[{\"kind\":\"service\",\"name\":\"index\",\"step\":\"stop\",\"outcome\":\"FAILED\","
                                + "\"reason\":\"it threw\",\"duration\":\"PT1S\"}]}");

        assertThat(run.sage("service", "list")).isZero();
        assertThat(run.sage("service", "end", "0a/index")).isEqualTo(Exit.FAILURE);
        assertThat(run.out()).contains("0a/index", "service index [stop] failed (it threw) in 1000 ms");
    }

    @Test
    void theLedgerHasTheColumnsOfItsEntries() {
        node.json("GET /v1/ledger", "[{\"number\":1,\"resource\":\"gpu 0\"},{\"number\":2,\"holder\":\"judge\"}]");

        assertThat(run.sage("ledger", "list")).isZero();
        assertThat(run.out()).containsPattern("NUMBER +RESOURCE +HOLDER").containsPattern("2 +judge");
    }

    @Test
    void theTokenIsShownOnlyWhenAskedFor() {
        assertThat(run.sage("token", "show")).isZero();
        assertThat(run.out()).contains("from SAGE_TOKEN", "takes it").doesNotContain(FakeNode.TOKEN);
        assertThat(run.sage("token", "show", "--reveal")).isZero();
        assertThat(run.out()).endsWith(FakeNode.TOKEN + System.lineSeparator());
    }

    @Test
    void aTokenThatTheNodeDoesNotTakeIsAFailure() {
        assertThat(run.sage("token", "show", "--token", "other")).isEqualTo(Exit.FAILURE);
        assertThat(run.sage("node", "list", "--token", "other")).isEqualTo(Exit.FAILURE);
        assertThat(run.err()).contains("does not take this token", "SAGE_TOKEN", "token show --reveal");
    }

    @Test
    void theTokenOfTheHomeIsTakenWhenNoneIsGiven() throws Exception {
        run.set("SAGE_TOKEN", "");
        assertThat(run.sage("token", "show")).isEqualTo(Exit.FAILURE);
        assertThat(run.err()).contains("There is no token in " + home.resolve("token"));

        Files.writeString(home.resolve("token"), FakeNode.TOKEN + "\n");
        assertThat(run.sage("node", "list")).isZero();
    }

    @Test
    void theTokenOfTheHomeIsShownToNoOtherMachine() throws Exception {
        run.set("SAGE_TOKEN", "");
        Files.writeString(home.resolve("token"), FakeNode.TOKEN + "\n");
        // Nobody is asked there: it is an address of documentation.
        assertThat(run.sage("node", "list", "--node", "192.0.2.1:19001")).isEqualTo(Exit.FAILURE);
        assertThat(run.err()).contains("is not shown to 192.0.2.1").contains("SAGE_TOKEN");
    }

    @Test
    void theNodeOfTheHomeIsAskedWhenNoneIsGiven() throws Exception {
        run.set("SAGE_NODE", "");
        Files.createDirectory(home.resolve("node"));
        Files.writeString(
                home.resolve("node/node.json"), "{\"pid\":1,\"host\":\"0.0.0.0\",\"port\":" + node.port() + "}");

        assertThat(run.sage("node", "list")).isZero();
    }

    @Test
    void anOptionIsStrongerThanTheEnvironment() {
        run.set("SAGE_NODE", "127.0.0.1:1").set("SAGE_TOKEN", "other");

        assertThat(run.sage("node", "list", "--node", node.address(), "--token", FakeNode.TOKEN))
                .isZero();
    }

    @Test
    void anAddressThatIsNoneIsWrongUsage() {
        assertThat(run.sage("node", "list", "--node", "here:99999")).isEqualTo(Exit.USAGE);
        assertThat(run.err()).startsWith("sage: --node: ").contains("65535").hasLineCount(1);
    }

    @Test
    void aNodeThatDoesNotRunHasAnExitCodeOfItsOwn() throws Exception {
        int unused;
        try (ServerSocket socket = new ServerSocket(0)) {
            unused = socket.getLocalPort();
        }
        assertThat(run.sage("job", "list", "--node", "127.0.0.1:" + unused)).isEqualTo(Exit.NO_NODE);
        assertThat(run.err()).contains("No node answers at 127.0.0.1:" + unused, "sage jobmanager start");
    }

    @Test
    void whatIsNoSageNodeIsSaid() {
        node.json("GET /v1/jobs", "<html>");

        assertThat(run.sage("job", "list")).isEqualTo(Exit.FAILURE);
        assertThat(run.err()).contains("no JSON", "Is it a Sage node");
    }

    @Test
    void topIsPrintedOnceWhereThereIsNoTerminal() {
        node.json("GET /v1/jobs", "{\"jobs\":[]}")
                .json("GET /v1/resources", "{\"gpus\":[{\"id\":0,\"drained\":false}],\"waiting\":[]}");

        assertThat(run.at("2026-01-02T03:00:00.5Z").sage("top")).isZero();
        assertThat(run.out())
                .contains(", 2026-01-02T03:00:00Z", "No job waits or runs.", "0  free")
                .doesNotContain("\u001b");
    }

    @Test
    void aMistypedCommandIsWrongUsageWithASuggestion() {
        assertThat(run.sage("jbo", "list")).isEqualTo(Exit.USAGE);
        assertThat(run.sage("job", "lst")).isEqualTo(Exit.USAGE);
        assertThat(run.err()).contains("job", "list");
        assertThat(run.sage("job")).isEqualTo(Exit.USAGE);
        assertThat(run.err()).contains("Say what to do: list, show, logs");
        assertThat(run.sage()).isEqualTo(Exit.USAGE);
        assertThat(run.err()).contains("Say what to do: run, submit, attach");
    }

    @Test
    void completionKnowsEveryCommand() {
        assertThat(run.sage("completion", "bash")).isZero();
        assertThat(run.out()).contains("jobmanager", "undrain", "--port-range", "complete -F");
        assertThat(run.sage("completion", "fish")).isEqualTo(Exit.USAGE);
    }
}
