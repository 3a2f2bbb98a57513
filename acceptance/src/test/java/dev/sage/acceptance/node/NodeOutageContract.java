package dev.sage.acceptance.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sage.api.JobState;
import dev.sage.api.SubmitOptions;
import dev.sage.client.http.NodeProblemException;
import dev.sage.client.wire.CommandLine;
import dev.sage.client.wire.JobView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The database of a node fails while it works, and can be used again some time later. */
abstract class NodeOutageContract {
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    private NodeProcess node;

    /** The settings of a new journal. */
    abstract List<String> journal() throws Exception;

    abstract void takeAway(NodeProcess node) throws Exception;

    abstract void giveBack(NodeProcess node) throws Exception;

    @BeforeEach
    void startNode() throws Exception {
        List<String> settings = new ArrayList<>(journal());
        settings.add("sage.node.journal.connect-within=1s");
        settings.add("sage.node.registry.retry-after-at-most=500ms");
        node = NodeProcess.start(folder, settings);
    }

    @AfterEach
    void endNode() throws Exception {
        node.close();
    }

    @Test
    void jobsOutlastAnOutageAndWhoAsksMeanwhileIsToldWhatToDo() throws Exception {
        Path ticks = folder.resolve("ticks");
        Path go = folder.resolve("go");
        JobView running = submit("running", 1, "while :; do echo tick >> " + ticks + "; sleep 0.05; done");
        JobView ending = submit("ending", 0, "until [ -e " + go + " ]; do sleep 0.05; done");
        JobView queued = submit("queued", 1, "true");
        node.requests().awaitState(running.id(), JobState.RUNNING);
        node.requests().awaitState(ending.id(), JobState.RUNNING);

        takeAway(node);
        await("a submission is refused without being tried")
                .until(() -> refused("late").code().equals("registry.away"));
        assertThat(refused("late")).satisfies(problem -> {
            assertThat(problem.status()).isEqualTo(503);
            assertThat(problem.detail()).contains("the database cannot be used since");
            assertThat(problem.next()).get().asString().contains("Try again");
        });
        assertThat(readiness()).satisfies(problem -> {
            assertThat(problem.code()).isEqualTo("node.not-ready");
            assertThat(problem.detail()).contains("the database cannot be used since");
        });
        assertThat(node.requests().http().getText("/healthz")).contains("ok");

        long before = Files.size(ticks);
        Files.createFile(go);
        await("a job runs on").until(() -> Files.size(ticks) > before + 50);
        assertThat(node.requests().show(ending.id()).job().state().isTerminal())
                .as("no outcome is told that is not written")
                .isFalse();
        JobView cancelled = node.requests().order(running.id(), "cancel");
        assertThat(cancelled.cause()).contains("not written down yet");
        await("the cancelled job ends at once")
                .until(() ->
                        node.requests().show(running.id()).leases().holders().isEmpty());
        assertThat(node.requests().show(running.id()).job().running())
                .as("no end is told that is not written")
                .isTrue();

        giveBack(node);
        await("the node is ready again").until(() -> readiness() == null);
        node.requests().awaitEnd(ending.id());
        node.requests().assertEnded(ending.id(), JobState.COMPLETED);
        node.requests().awaitEnd(running.id());
        node.requests().awaitEnd(queued.id());
        JobView late = submit("late", 0, "true");
        node.requests().awaitEnd(late.id());
        assertAllEnded(running, ending, queued, late);

        node.kill();
        node.restart();
        assertAllEnded(running, ending, queued, late);
    }

    private void assertAllEnded(JobView running, JobView ending, JobView queued, JobView late) throws IOException {
        node.requests().assertEnded(running.id(), JobState.CANCELLED);
        node.requests().assertEnded(ending.id(), JobState.COMPLETED);
        node.requests().assertEnded(queued.id(), JobState.COMPLETED);
        node.requests().assertEnded(late.id(), JobState.COMPLETED);
        assertThat(node.requests().jobs())
                .extracting(JobView::id)
                .as("none was taken twice")
                .containsExactlyInAnyOrder(running.id(), ending.id(), queued.id(), late.id());
    }

    private JobView submit(String key, int gpus, String script) throws IOException {
        return node.requests()
                .submit(
                        key,
                        SubmitOptions.autostop().detached(),
                        new CommandLine(List.of("sh", "-c", script), null, null, gpus, 0),
                        key);
    }

    private NodeProblemException refused(String key) {
        return catchThrowableOfType(NodeProblemException.class, () -> submit(key, 0, "true"));
    }

    /** Null when it is ready. */
    private NodeProblemException readiness() {
        return catchThrowableOfType(
                NodeProblemException.class, () -> node.requests().http().getText("/readyz"));
    }

    private ConditionFactory await(String what) {
        return Awaitility.await(what).atMost(Jvm.BOUND);
    }
}
