package dev.sage.node.job;

import static dev.sage.node.job.TestJobs.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sage.api.JobState;
import dev.sage.client.wire.JobSubmission;
import dev.sage.node.core.NewJob;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.Done;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Small graphs go into the journal with their jobs, and large ones into files. */
class JournalGraphsTest {
    private static final JobSubmission PIPELINE =
            Pipelines.of(environment -> environment.fromRange(0, 3).collect());
    private static final int SIZE = PIPELINE.code().graph().length();

    @TempDir
    private Path home;

    private TestJobs node;

    @AfterEach
    void close() {
        if (node != null) {
            node.close();
        }
    }

    private void start(long each, long together) throws Exception {
        node = TestJobs.withGraphsInJournal(home, each, together);
    }

    private boolean isInJournal(String id) {
        return node.registry.accepted.get(id).graphBytes() > 0;
    }

    private void awaitCompleted(String id) {
        await().atMost(TestJobs.SOON).until(() -> node.registry.outcome(id) == JobState.COMPLETED);
    }

    @Test
    void smallGraphIsInTheJournalAndInNoFile() throws Exception {
        start(SIZE, SIZE);
        CompletableFuture<Done> startWritten = new CompletableFuture<>();
        node.registry.startsMayBeWritten = startWritten;

        String id = node.submit(PIPELINE);

        assertThat(isInJournal(id)).isTrue();
        assertThat(node.graphs()).isEmpty();
        assertThat(get(node.jobs.plan(id))).contains("range");
        startWritten.complete(Done.getInstance());
        awaitCompleted(id);
    }

    @Test
    void jobThatTheJournalHasRunsAfterARestartWithoutAFile() throws Exception {
        start(SIZE, SIZE);
        String first = node.submit(PIPELINE);
        awaitCompleted(first);
        NewJob job = node.registry.accepted.get(first);
        node.close();

        start(0, 0);
        node.jobs.run(FakeRegistry.registered(job));

        awaitCompleted(first);
    }

    @Test
    void largeGraphIsAFileUntilTheJobHasEnded() throws Exception {
        start(SIZE - 1, 10L * SIZE);
        CompletableFuture<Done> startWritten = new CompletableFuture<>();
        node.registry.startsMayBeWritten = startWritten;

        String id = node.submit(PIPELINE);

        assertThat(isInJournal(id)).isFalse();
        assertThat(node.graphs()).hasSize(1);
        startWritten.complete(Done.getInstance());
        awaitCompleted(id);
        await().atMost(TestJobs.SOON).until(() -> node.graphs().isEmpty());
    }

    @Test
    void jobsThatWaitTakeOnlySoMuchOfTheJournal() throws Exception {
        start(SIZE, 2L * SIZE);
        CompletableFuture<Done> startWritten = new CompletableFuture<>();
        node.registry.startsMayBeWritten = startWritten;

        String first = node.submit(PIPELINE);
        String second = node.submit(PIPELINE);
        String third = node.submit(PIPELINE);

        assertThat(isInJournal(first)).isTrue();
        assertThat(isInJournal(second)).isTrue();
        assertThat(isInJournal(third)).isFalse();
        startWritten.complete(Done.getInstance());
        get(node.jobs.allWritten());
        // There is room again.
        assertThat(isInJournal(node.submit(PIPELINE))).isTrue();
    }
}
