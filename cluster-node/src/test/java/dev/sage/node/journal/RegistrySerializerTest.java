package dev.sage.node.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sage.api.JobState;
import dev.sage.api.SageException;
import dev.sage.api.SubmitOptions.NodeLoss;
import dev.sage.client.wire.CommandLine;
import dev.sage.client.wire.JobOptions;
import dev.sage.client.wire.ShippedCode;
import dev.sage.node.core.NewJob;
import dev.sage.node.core.Outcome;
import dev.sage.node.core.RegisteredJob;
import dev.sage.node.core.RegistryEntry;
import dev.sage.node.core.RegistryEvent;
import dev.sage.node.core.RegistrySnapshot;
import dev.sage.node.core.Work;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The samples under {@code journal} are what journals out there have: they are never changed, only added to. */
class RegistrySerializerTest {
    private static final Instant AT = Instant.parse("2026-11-21T12:00:00.123456Z");
    private static final Outcome OUTCOME =
            new Outcome(JobState.FAILED, "it broke", true, "{\"a\":1}", "[{\"type\":\"ended\"}]", AT.plusSeconds(9));
    private static final NewJob PIPELINE = new NewJob(
            "0123abcd",
            "wörter",
            "ada",
            Optional.of("key-1"),
            "c0ffee",
            new JobOptions(
                    true,
                    false,
                    List.of("model"),
                    Duration.ofHours(2),
                    Map.of("drain-tasks", Duration.ofSeconds(5)),
                    7,
                    2,
                    1,
                    "ada",
                    NodeLoss.RESTART),
            pipeline(Optional.empty()));
    private static final NewJob WITH_GRAPH = new NewJob(
            "0123abcf",
            "words",
            "eve",
            Optional.of("key-2"),
            "beef",
            new JobOptions(true, true, List.of(), null, Map.of(), 0, 0, 0, null, NodeLoss.FAIL),
            pipeline(Optional.of("rO0ABQ==")));
    private static final NewJob PROGRAM = new NewJob(
            "0123abce",
            "train",
            "bob",
            Optional.empty(),
            "decaf",
            new JobOptions(false, true, null, null, null, 0, 0, 0, null, null),
            new Work.Program(new CommandLine(List.of("python", "train.py"), Map.of("SEED", "1"), "/data", 1, 0)));

    private static Work.Pipeline pipeline(Optional<String> graph) {
        return new Work.Pipeline(
                "0.1.0", 17, List.of(new ShippedCode.Artifact("ab".repeat(32), "app.jar", 4_711)), graph);
    }

    private final RegistrySerializer serializer = new RegistrySerializer();

    static Stream<Map.Entry<String, Object>> samples() {
        Map<String, Object> samples = new LinkedHashMap<>();
        samples.put("accepted.v1-pipeline", new RegistryEvent.JobAccepted(PIPELINE, AT));
        samples.put("accepted.v1-program", new RegistryEvent.JobAccepted(PROGRAM, AT));
        samples.put("accepted.v2-pipeline", new RegistryEvent.JobAccepted(WITH_GRAPH, AT));
        samples.put(
                "snapshot.v2",
                new RegistrySnapshot(List.of(new RegistryEntry(
                        new RegisteredJob(WITH_GRAPH, 1, AT, Optional.empty(), Optional.empty()),
                        Optional.empty(),
                        Optional.empty()))));
        samples.put("started.v1", new RegistryEvent.JobStarted("0123abcd", 2, "node-1", AT));
        samples.put("cancelled.v1", new RegistryEvent.JobCancelled("0123abcd", "not wanted", AT));
        samples.put("restarted.v1", new RegistryEvent.JobRestarted("0123abcd", 2, AT));
        samples.put("ended.v1", new RegistryEvent.JobEnded("0123abcd", 2, OUTCOME));
        samples.put("archived.v1", new RegistryEvent.JobArchived("0123abcd"));
        samples.put(
                "snapshot.v1",
                new RegistrySnapshot(List.of(
                        new RegistryEntry(
                                new RegisteredJob(PIPELINE, 2, AT, Optional.of(AT), Optional.of("not wanted")),
                                Optional.of("node-1"),
                                Optional.of(OUTCOME)),
                        new RegistryEntry(
                                new RegisteredJob(PROGRAM, 1, AT, Optional.empty(), Optional.empty()),
                                Optional.empty(),
                                Optional.empty()))));
        return samples.entrySet().stream();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void whatWasWrittenOnceIsReadForEver(Map.Entry<String, Object> sample) throws IOException {
        String manifest = sample.getKey().split("-")[0];
        byte[] stored;
        try (InputStream in = getClass().getResourceAsStream("/journal/" + sample.getKey() + ".json")) {
            stored = in.readAllBytes();
        }

        assertThat(serializer.fromBinary(stored, manifest)).isEqualTo(sample.getValue());
    }

    @ParameterizedTest
    @MethodSource("samples")
    void whatIsWrittenIsReadTheSame(Map.Entry<String, Object> sample) {
        byte[] written = serializer.toBinary(sample.getValue());

        assertThat(serializer.fromBinary(written, serializer.manifest(sample.getValue())))
                .isEqualTo(sample.getValue());
    }

    @ParameterizedTest
    @MethodSource("samples")
    void fieldsThatANewerVersionAddedAreSkipped(Map.Entry<String, Object> sample) {
        String manifest = serializer.manifest(sample.getValue());
        String written = new String(serializer.toBinary(sample.getValue()), StandardCharsets.UTF_8);
        // At the top, and in a record that is within a record.
        String newer = written.replaceFirst("\\{", "{\"fromTheFuture\":[1],")
                .replace("\"options\":{", "\"options\":{\"fromTheFuture\":{\"a\":null},");

        assertThat(serializer.fromBinary(newer.getBytes(StandardCharsets.UTF_8), manifest))
                .isEqualTo(sample.getValue());
    }

    @Test
    void anEntryOfAnUnknownKindSaysWhatToDo() {
        assertThatThrownBy(() -> serializer.fromBinary(new byte[0], "accepted.v9"))
                .isInstanceOfSatisfying(
                        SageException.class, e -> assertThat(e.code()).isEqualTo("journal.newer"))
                .hasMessageContaining("'accepted.v9'")
                .hasMessageContaining("accepted.v1")
                .hasMessageContaining("Start the newer version");
    }

    @Test
    void anEntryThatIsDamagedSaysWhatToDo() {
        assertThatThrownBy(() -> serializer.fromBinary("{\"id\":".getBytes(StandardCharsets.UTF_8), "archived.v1"))
                .isInstanceOfSatisfying(
                        SageException.class, e -> assertThat(e.code()).isEqualTo("journal.damaged"))
                .hasMessageContaining("backup");
    }
}
