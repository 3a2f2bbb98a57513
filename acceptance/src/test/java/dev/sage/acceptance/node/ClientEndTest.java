package dev.sage.acceptance.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.api.JobState;
import dev.sage.api.SubmitOptions;
import dev.sage.client.wire.CommandLine;
import dev.sage.client.wire.JobView;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A client that ends: its job ends, too, and what that had goes to the next one. */
class ClientEndTest {
    private static final Duration CLIENT_ENDS_WITHIN = Duration.ofSeconds(20);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private static Path folder;

    private static NodeProcess node;

    @BeforeAll
    static void startNode() throws Exception {
        node = NodeProcess.start(folder, List.of("sage.node.lease.time-to-live=3s"));
    }

    @AfterAll
    static void endNode() throws Exception {
        node.close();
    }

    @Test
    void clientThatIsTerminatedCancelsItsJobAndTellsTheCleanupAndTheNextJobStarts() throws Exception {
        try (Jvm client = Jvm.startClient(node, AttachedProgram.class)) {
            String id = awaitRunning(client);
            JobView next = submitNext();
            client.signal("TERM");

            assertThat(client.awaitExit(CLIENT_ENDS_WITHIN))
                    .as(client::toString)
                    .isEqualTo(NodeProcess.TERMINATED);
            assertThat(client.said())
                    .anySatisfy(line ->
                            assertThat(line).contains(id).contains("process").contains("holder"))
                    .anySatisfy(line -> assertThat(line).contains(id).contains("gpu"))
                    .anySatisfy(line -> assertThat(line).contains(id).contains("CANCELLED, clean"));
            node.requests().assertEnded(id, JobState.CANCELLED);
            assertThat(node.requests().show(id).job().cause()).contains("its client closed environment 'attached'");
            assertCompletes(next);
        }
    }

    @Test
    void jobOfAClientThatIsKilledEndsWithItsLeaseAndTheNextJobStarts() throws Exception {
        try (Jvm client = Jvm.startClient(node, AttachedProgram.class)) {
            String id = awaitRunning(client);
            JobView next = submitNext();
            client.signal("KILL");

            assertThat(node.requests().awaitEnd(id).state()).isEqualTo(JobState.CANCELLED);
            node.requests().assertEnded(id, JobState.CANCELLED);
            assertThat(node.requests().show(id).job().cause()).contains("its client was lost");
            assertCompletes(next);
        }
    }

    private static String awaitRunning(Jvm client) throws IOException {
        String id = client.awaitLine(AttachedProgram.SUBMITTED).substring(AttachedProgram.SUBMITTED.length());
        node.requests().awaitState(id, JobState.RUNNING);
        return id;
    }

    /** Wants the GPU that the client's job has. */
    private static JobView submitNext() throws IOException {
        JobView next = node.requests()
                .submit(
                        "next",
                        SubmitOptions.autostop().detached(),
                        new CommandLine(List.of("true"), null, null, 1, 0),
                        UUID.randomUUID().toString());
        assertThat(node.requests().show(next.id()).job().state()).isEqualTo(JobState.QUEUED);
        return next;
    }

    private static void assertCompletes(JobView next) throws IOException {
        node.requests().awaitEnd(next.id());
        node.requests().assertEnded(next.id(), JobState.COMPLETED);
        assertThat(node.requests().ledger()).isEmpty();
    }
}
