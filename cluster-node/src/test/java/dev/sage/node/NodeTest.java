package dev.sage.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sage.api.JobState;
import dev.sage.api.SageException;
import dev.sage.client.http.HttpTimes;
import dev.sage.client.http.NodeAddress;
import dev.sage.client.http.NodeHttp;
import dev.sage.client.wire.CommandLine;
import dev.sage.client.wire.JobDetails;
import dev.sage.client.wire.JobOptions;
import dev.sage.client.wire.JobSubmission;
import dev.sage.client.wire.JobView;
import dev.sage.node.job.Pipelines;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole node in this JVM, from its start to its end and to the next one. */
class NodeTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    Path home;

    private Node node;
    private NodeHttp http;

    private void start() throws Exception {
        start(Map.of());
    }

    private void start(Map<String, ?> more) throws Exception {
        Map<String, Object> settings = new HashMap<>(Map.of(
                "sage.home", home.toString(),
                "sage.locks-folder", home.resolve("locks").toString(),
                "sage.node.port", "0"));
        settings.putAll(more);
        node = Node.start(settings);
        http = new NodeHttp(
                new NodeAddress(node.view().host(), node.view().port()),
                Optional.of(Files.readString(home.resolve("token")).strip()),
                HttpTimes.DEFAULT);
    }

    private int stop() throws Exception {
        http.postText("/v1/node/stop", null);
        int code = node.awaitEnd();
        node = null;
        return code;
    }

    @AfterEach
    void end() throws Exception {
        if (node != null) {
            stop();
        }
    }

    private String submit(JobSubmission submission) {
        return http.post("/v1/jobs", submission, JobView.class, Map.of()).id();
    }

    private static JobSubmission program(String... arguments) {
        return new JobSubmission(
                "program",
                new JobOptions(true, true, null, null, null, 0, 0, 0, null, null),
                null,
                new CommandLine(List.of(arguments), null, null, 0, 0));
    }

    private JobState state(String id) {
        return http.get("/v1/jobs/" + id, JobDetails.class).job().state();
    }

    @Test
    void nodeRunsAJobEndsCleanAndRemembers() throws Exception {
        start();
        assertThat(home.resolve("node/node.json")).isRegularFile();
        String id = submit(program("echo", "hello"));
        await().atMost(SOON).until(() -> state(id) == JobState.COMPLETED);

        String events = http.getText("/v1/jobs/" + id + "/events");

        assertThat(stop()).isZero();
        assertThat(home.resolve("node/node.json")).doesNotExist();

        start();
        assertThat(http.getText("/v1/jobs/" + id + "/events"))
                .as("told by the next node")
                .isEqualTo(events);
        JobDetails details = http.get("/v1/jobs/" + id, JobDetails.class);
        assertThat(details.job().clean()).isTrue();
        assertThat(http.getText("/v1/jobs/" + id + "/logs?name=program")).isEqualTo("hello\n");
        assertThat(http.getText("/v1/jobs/" + id + "/events"))
                .contains("event: ended")
                .contains("event: end\n");
    }

    @Test
    void pipelineThatWaitsRunsAtTheNextNodeAndTheOneThatRanIsCancelled() throws Exception {
        start(Map.of("sage.job.max-running", "1"));
        String runs = submit(program("sleep", "1000"));
        await().atMost(SOON).until(() -> state(runs) == JobState.RUNNING);
        String waits = submit(Pipelines.of(
                environment -> environment.fromCollection(List.of("a", "b")).print()));

        assertThat(stop()).isZero();

        start();
        await().atMost(SOON).until(() -> state(waits).isTerminal());
        assertThat(state(waits)).isEqualTo(JobState.COMPLETED);
        assertThat(state(runs)).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void runningJobsMayFinishWhereTheSettingsSaySo() throws Exception {
        start(Map.of("sage.node.stop.finish-within", "20s"));
        Path go = home.resolve("go");
        String id = submit(program("sh", "-c", "until [ -e " + go + " ]; do sleep 0.1; done"));
        await().atMost(SOON).until(() -> state(id) == JobState.RUNNING);

        http.postText("/v1/node/stop", null);
        Files.createFile(go);
        assertThat(node.awaitEnd()).isZero();

        start();
        assertThat(state(id)).isEqualTo(JobState.COMPLETED);
    }

    @Test
    void failedStartLeavesTheHomeToTheNextOne() throws Exception {
        start();
        String taken = String.valueOf(node.view().port());
        Path other = home.resolve("other");
        Map<String, Object> settings = Map.of(
                "sage.home", other.toString(),
                "sage.locks-folder", home.resolve("locks").toString(),
                "sage.node.port", taken);

        assertThatThrownBy(() -> Node.start(settings))
                .isInstanceOf(SageException.class)
                .hasMessageContaining(taken);
        NodeHome.open(other).close();

        assertThatThrownBy(() -> Node.start(Map.of("sage.home", other.toString(), "sage.node.http.headers", "1")))
                .isInstanceOf(RuntimeException.class);
        NodeHome.open(other).close();
    }

    @Test
    void secondNodeOfAHomeIsRefused() throws Exception {
        start();

        assertThatThrownBy(() -> Node.start(Map.of("sage.home", home.toString(), "sage.node.port", "0")))
                .isInstanceOfSatisfying(
                        SageException.class, e -> assertThat(e.code()).isEqualTo("node.running"));
    }
}
