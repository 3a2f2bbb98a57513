package dev.sage.node.core;

import dev.sage.api.JobState;
import dev.sage.api.SubmitOptions.NodeLoss;
import dev.sage.client.wire.CommandLine;
import dev.sage.client.wire.JobOptions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Jobs for tests. */
public final class SomeJobs {
    public static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    private SomeJobs() {}

    public static NewJob job(String id) {
        return job(id, Optional.empty(), "hash", NodeLoss.FAIL);
    }

    public static NewJob job(String id, String key) {
        return job(id, Optional.of(key), "hash", NodeLoss.FAIL);
    }

    public static NewJob job(String id, Optional<String> key, String hash, NodeLoss onNodeLoss) {
        JobOptions options = new JobOptions(true, true, null, null, null, 3, 0, 0, null, onNodeLoss);
        CommandLine command = new CommandLine(List.of("true"), Map.of("A", "b"), null, 0, 0);
        return new NewJob(id, "name", "owner", key, hash, options, new Work.Program(command));
    }

    public static NewJob withGraph(String id, String graph, NodeLoss onNodeLoss) {
        NewJob program = job(id, Optional.empty(), "hash", onNodeLoss);
        Work pipeline = new Work.Pipeline("0.1.0", 17, List.of(), Optional.of(graph));
        return new NewJob(id, program.name(), program.owner(), program.key(), "hash", program.options(), pipeline);
    }

    public static Outcome outcome(JobState state) {
        return new Outcome(state, "", true, "{}", "[]", NOON);
    }
}
