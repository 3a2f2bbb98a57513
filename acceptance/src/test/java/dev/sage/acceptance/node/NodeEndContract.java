package dev.sage.acceptance.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sage.api.JobFailedException;
import dev.sage.api.JobHandle;
import dev.sage.api.JobState;
import dev.sage.api.ProcessService;
import dev.sage.api.SubmitOptions;
import dev.sage.api.SubmitOptions.NodeLoss;
import dev.sage.client.RemoteEnvironment;
import dev.sage.client.wire.CommandLine;
import dev.sage.client.wire.JobView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A node that ends and is started again, whatever its journal is in. */
abstract class NodeEndContract {
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    private NodeProcess node;

    /** The settings of a new journal. */
    abstract List<String> journal() throws Exception;

    /** How a node is ended; answers its exit code. */
    interface End {
        int of(NodeProcess node) throws Exception;
    }

    @BeforeEach
    void startNode() throws Exception {
        node = NodeProcess.start(folder, journal());
    }

    @AfterEach
    void endNode() throws Exception {
        node.close();
    }

    @Test
    void sigtermEndsRunningJobsKeepsQueuedOnesAndExits143() throws Exception {
        assertEndsGracefully(NodeProcess::terminate, NodeProcess.TERMINATED);
    }

    final void assertEndsGracefully(End end, int code) throws Exception {
        Path ran = folder.resolve("ran");
        JobView running = submit("sleep", "600");
        JobView queued = submit("sh", "-c", "echo once >> " + ran);
        node.requests().awaitState(running.id(), JobState.RUNNING);
        assertThat(node.requests().show(queued.id()).job().state()).isEqualTo(JobState.QUEUED);

        assertThat(end.of(node)).as(node::toString).isEqualTo(code);
        node.assertNothingIsLeft();
        assertThat(ran).doesNotExist();

        node.restart();
        node.requests().assertEnded(running.id(), JobState.CANCELLED);
        node.requests().awaitEnd(queued.id());
        node.requests().assertEnded(queued.id(), JobState.COMPLETED);
        assertThat(ran).hasContent("once");
        assertThat(node.requests().jobs()).extracting(JobView::id).containsExactlyInAnyOrder(running.id(), queued.id());
    }

    /** A program that has the only GPU. */
    private JobView submit(String... command) throws IOException {
        return node.requests()
                .submit(
                        command[0],
                        SubmitOptions.autostop().detached(),
                        new CommandLine(List.of(command), null, null, 1, 0),
                        UUID.randomUUID().toString());
    }

    @Test
    void jobOfAKilledNodeFailsWithNodeLostWhenItStartsAgainAndTheClientHearsOfIt() throws Exception {
        try (RemoteEnvironment env = node.connect("lost")) {
            JobHandle job = submitUntilKilled(env, NodeLoss.FAIL);
            JobView queued = submit("true");
            node.kill();
            node.restart();

            assertThatThrownBy(() -> job.awaitClean(Jvm.BOUND))
                    .isInstanceOf(JobFailedException.class)
                    .hasMessageContaining("NodeLost");
            node.requests().assertEnded(job.id(), JobState.FAILED);
            node.requests().awaitEnd(queued.id());
            node.requests().assertEnded(queued.id(), JobState.COMPLETED);
            assertThat(Files.readAllLines(folder.resolve("begun"))).hasSize(1);
        }
    }

    @Test
    void jobThatIsToBeRestartedRunsAgainAfterTheKillOfItsNodeAndTheClientGetsItsSuccess() throws Exception {
        try (RemoteEnvironment env = node.connect("restarted")) {
            JobHandle job = submitUntilKilled(env, NodeLoss.RESTART);
            node.kill();
            node.restart();

            assertThat(job.awaitClean(Jvm.BOUND).state()).isEqualTo(JobState.COMPLETED);
            node.requests().assertEnded(job.id(), JobState.COMPLETED);
            assertThat(node.requests().show(job.id()).job().attempt()).isEqualTo(2);
            assertThat(Files.readAllLines(folder.resolve("begun"))).hasSize(2);
        }
    }

    /** Its first run lasts until the node is killed, its second ends at once. */
    private JobHandle submitUntilKilled(RemoteEnvironment env, NodeLoss policy) {
        Path begun = folder.resolve("begun");
        env.command(
                "work",
                ProcessService.command(
                                "sh",
                                "-c",
                                "echo begun >> " + begun + "; [ $(wc -l < " + begun + ") -ge 2 ] || exec sleep 600")
                        .gpus(1));
        JobHandle job = env.submit(SubmitOptions.autostop().onNodeLoss(policy));
        Awaitility.await("the job has begun").atMost(Jvm.BOUND).until(() -> Files.exists(begun));
        return job;
    }
}
